"""`run-step`: the same step from a shell, Airflow or a container."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TRIAL = Path(__file__).resolve().parents[1] / "programs" / "trial_steps.py"


def run_step(request: Path | str, *arguments: str, stdin: str = "") -> tuple[int, list[Any]]:
    """The exit code, and what stdout said: one JSON value a line."""
    ended = subprocess.run(
        [sys.executable, str(TRIAL), "run-step", str(request), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return ended.returncode, [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.fixture
def request_file(tmp_path: Path):
    def write(step: str = "write", **fields: Any) -> Path:
        request = {"step": step, "output": (tmp_path / "out").as_uri(), "key": "c" * 64, **fields}
        path = tmp_path / "STEP.json"
        path.write_text(json.dumps(request), encoding="utf-8")
        return path

    return write


def test_a_step_leaves_its_artifact_and_prints_the_manifest(request_file, tmp_path: Path):
    code, (manifest,) = run_step(request_file(params={"text": "x"}))
    assert code == 0
    assert manifest == json.loads((tmp_path / "out" / "manifest.json").read_text())


def test_events_go_to_stdout_or_to_a_file(request_file, tmp_path: Path):
    _, said = run_step(request_file(), "--events", "-")
    assert [line["kind"] for line in said] == ["metric"] * 5 + ["text"]
    (tmp_path / "out" / "manifest.json").rename(tmp_path / "elsewhere.json")
    (tmp_path / "out" / "text.txt").unlink()
    code, (manifest,) = run_step(request_file(), "--events", str(tmp_path / "events"))
    written = [json.loads(line) for line in (tmp_path / "events").read_text().splitlines()]
    assert (code, manifest["kind"]) == (0, "text")
    assert written == said[:5]


def test_a_request_can_come_from_stdin(request_file):
    code, (manifest,) = run_step("-", stdin=request_file().read_text())
    assert (code, manifest["kind"]) == (0, "text")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"step": "refuse"}, "trial.refused"),
        ({"step": "write", "params": {"txt": 1}}, "step.bad_params"),
        ({"step": "write", "output": "s3://bucket/x"}, "uri.unsupported"),
        ({"step": "write", "output": 5}, "request.invalid"),
        ({"step": "sleep", "resources": {"deadline_s": 0.3}}, "job.past_deadline"),
    ],
)
def test_a_failure_is_a_problem_on_stdout_and_code_1(request_file, fields, code):
    ended, said = run_step(request_file(**fields))
    assert ended == 1
    assert said[-1]["code"] == code
    assert said[-1]["hint"]


def test_an_unreadable_request_is_named(tmp_path: Path):
    ended, (problem,) = run_step(tmp_path / "missing.json")
    assert (ended, problem["code"]) == (1, "request.unreadable")
    (tmp_path / "broken.json").write_text("{")
    ended, (problem,) = run_step(tmp_path / "broken.json")
    assert (ended, problem["code"]) == (1, "request.invalid")


def test_an_unknown_step_is_named(tmp_path: Path):
    request = tmp_path / "STEP.json"
    request.write_text(json.dumps({"step": "fly", "output": (tmp_path / "out").as_uri()}))
    ended = subprocess.run(
        [sys.executable, "-m", "breadthflow_engine", "run-step", str(request)],
        capture_output=True,
        text=True,
        check=False,
    )
    problem = json.loads(ended.stdout)
    assert (ended.returncode, problem["code"]) == (1, "step.unknown")
    assert "ingest" in problem["hint"]

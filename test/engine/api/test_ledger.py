"""Every trial on a workspace's bars is written where its owner takes it into the ledger."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from breadthflow_engine.artifacts import publish
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import MadeBy, Manifest, StepEvent, StepRequest, Trial
from breadthflow_engine.protocol.step import Emitter, Outcome, Step, StepContext
from breadthflow_engine.runner import run_request

TRIAL = Path(__file__).resolve().parents[1] / "programs" / "trial_steps.py"
KEY = "c" * 64


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with a data set `sp500`, and its bars as an artifact that lies elsewhere."""
    (tmp_path / "workspace" / "data" / "sp500").mkdir(parents=True)
    (tmp_path / "workspace" / "index.db").touch()
    return tmp_path / "workspace"


@pytest.fixture
def bars(workspace: Path, tmp_path: Path) -> str:
    table = (workspace / "data" / "sp500").as_uri()
    return _artifact(tmp_path / "bars", {"name": "sp500", "table": table})


def _artifact(folder: Path, summary: dict[str, Any]) -> str:
    staging = folder.with_name(f"{folder.name}-staging")
    staging.mkdir()
    made_by = MadeBy(
        step="ingest", version="1", key="d" * 64, params={}, inputs={}, lock="", engine="0"
    )
    manifest = Manifest(kind="bars", files=[], made_by=made_by, summary=summary, seconds=0)
    publish(staging, folder, manifest)
    return folder.as_uri()


def _run_step(tmp_path: Path, request: dict[str, Any]) -> str:
    """What the command line says beside its answer."""
    file = tmp_path / "STEP.json"
    file.write_text(json.dumps({"step": "fit", "output": (tmp_path / "out").as_uri(), **request}))
    command = [sys.executable, str(TRIAL), "run-step", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


def _lines(workspace: Path) -> list[dict[str, Any]]:
    files = sorted((workspace / "ledger").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def test_a_step_that_a_shell_runs_leaves_its_trials(workspace: Path, bars: str, tmp_path: Path):
    _run_step(tmp_path, {"key": KEY, "inputs": {"bars": bars}})
    lines = _lines(workspace)
    assert [(line["data_set"], line["artifact"]) for line in lines] == [("sp500", KEY)] * 3
    trials = [line["trial"] for line in lines]
    assert [trial["state"] for trial in trials] == ["complete", "failed", "pruned"]
    assert [trial["number"] for trial in trials] == [0, 1, 2]


def test_a_job_that_someone_else_posts_leaves_its_trials(engine, workspace: Path, bars: str):
    job = engine.submit("fit", "posted", key=KEY, inputs={"bars": bars})
    assert engine.wait(job["id"])["state"] == "done"
    assert [line["trial"]["state"] for line in _lines(workspace)] == [
        "complete",
        "failed",
        "pruned",
    ]


class _Nothing(BaseModel):
    pass


def _one_and_then_none(params: _Nothing, context: StepContext) -> Outcome:
    context.emit.trial(Trial(number=0, engine="ridge", params={"a": 1}, state="failed"))
    raise StepError("fit.failed", "No line fits.", "Try another one.")


def test_a_step_that_a_notebook_runs_itself_leaves_its_trials(
    workspace: Path, bars: str, tmp_path: Path
):
    """Nobody listens, and the step fails; what was fitted was fitted."""
    step = Step(name="fit", version="1", params=_Nothing, run=_one_and_then_none, inputs=("bars",))
    output = (tmp_path / "out").as_uri()
    request = StepRequest(step="fit", key=KEY, inputs={"bars": bars}, output=output)
    written: list[int] = []

    def heard(event: StepEvent) -> None:
        written.append(len(_lines(workspace)))

    with pytest.raises(StepError, match="No line fits"):
        run_request(request, Emitter(heard), load=lambda _: step)
    assert [line["trial"]["state"] for line in _lines(workspace)] == ["failed"]
    assert written == [1], "it is kept before anybody hears of it"


def test_the_same_work_without_a_key_has_the_same_key(workspace: Path, bars: str, tmp_path: Path):
    for folder, text in (("first", "a"), ("again", "a"), ("other", "b")):
        output = (tmp_path / folder).as_uri()
        _run_step(tmp_path, {"inputs": {"bars": bars}, "output": output, "params": {"text": text}})
    keys = [line["artifact"] for line in _lines(workspace)]
    # The processes wrote a file each, in no order.
    assert sorted(keys.count(key) for key in set(keys)) == [3, 6]
    assert all(len(key) == 64 for key in keys)


def test_trials_on_bars_of_no_workspace_are_told_to_be_in_no_ledger(tmp_path: Path):
    alone = _artifact(tmp_path / "alone", {"name": "sp500", "table": "file:///nowhere"})
    said = _run_step(tmp_path, {"inputs": {"bars": alone}})
    assert said.count("in no ledger") == 1
    assert not list(tmp_path.glob("**/*.jsonl"))

"""What the runner promises of every step, whatever the step does."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from breadthflow_engine.artifacts import read_artifact
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import StepRequest
from breadthflow_engine.protocol.step import Artifact, Emitter, Outcome, Step, StepContext
from breadthflow_engine.protocol.uris import to_path
from breadthflow_engine.runner import run_request
from breadthflow_engine.staging import staging_folder


class Inner(BaseModel):
    depth: int = 1


class Params(BaseModel):
    text: str = "hello"
    share: float = 0.5
    inner: Inner = Inner()
    names: tuple[str, ...] = ()


def write(params: Params, context: StepContext) -> Outcome:
    context.emit.progress(0.5, "half")
    (context.output / "sub").mkdir()
    (context.output / "sub" / "note.txt").write_text(params.text, encoding="utf-8")
    return Outcome(kind="note", summary={"words": np.int64(1), "nothing": float("nan")}, rows=1)


def step_that(run: Callable[[Params, StepContext], Outcome], **fields: Any) -> Step[Params]:
    return Step(name="note", version="3", params=Params, run=run, **fields)


NOTE = step_that(write)


def execute(
    step: Step[Any], request: StepRequest, send: Callable[[Any], None] = lambda event: None
) -> Artifact:
    run_request(request, Emitter(send), load=lambda name: step)
    return read_artifact(to_path(request.output))


def request_for(output: Path, **fields: Any) -> StepRequest:
    return StepRequest(step="note", output=output.as_uri(), key="k" * 64, **fields)


def stagings(folder: Path) -> list[str]:
    return [path.name for path in folder.glob(".staging-*")]


def test_an_artifact_says_what_it_holds_and_how_it_was_made(tmp_path: Path) -> None:
    artifact = execute(NOTE, request_for(tmp_path / "out", params={"share": 1}))
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["files"] == [
        {
            "path": "sub/note.txt",
            "bytes": 5,
            "sha256": hashlib.sha256(b"hello").hexdigest(),
        }
    ]
    assert manifest["summary"] == {"words": 1, "nothing": None}
    assert manifest["made_by"]["params"]["share"] == 1.0
    assert manifest["made_by"]["version"] == "3"
    assert artifact.manifest.model_dump(mode="json") == manifest
    assert stagings(tmp_path) == []


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"txt": "x"}, "txt"),
        ({"inner": {"width": 1}}, "inner.width"),
        ({"text": 5}, "text"),
        ({"share": "0.5"}, "share"),
        ({"inner": {"depth": 1.5}}, "inner.depth"),
        ({"names": ["a", 1]}, "names.1"),
    ],
)
def test_wrong_params_are_refused_by_name(
    tmp_path: Path, params: dict[str, Any], field: str
) -> None:
    with pytest.raises(StepError) as caught:
        execute(NOTE, request_for(tmp_path / "out", params=params))
    assert caught.value.code == "step.bad_params"
    assert caught.value.where["fields"] == [field]
    assert field in caught.value.detail
    assert not (tmp_path / "out").exists()


def test_a_finished_output_is_returned_and_the_step_is_not_run_again(tmp_path: Path) -> None:
    first = execute(NOTE, request_for(tmp_path / "out"))

    def fail(params: Params, context: StepContext) -> Outcome:
        raise AssertionError("the step ran again")

    assert execute(step_that(fail), request_for(tmp_path / "out")).manifest == first.manifest


def test_a_damaged_output_is_made_again(tmp_path: Path) -> None:
    first = execute(NOTE, request_for(tmp_path / "out"))
    note = tmp_path / "out" / "sub" / "note.txt"
    note.write_text("jello")
    os.utime(note, ns=(1, 1))
    events: list[Any] = []
    again = execute(NOTE, request_for(tmp_path / "out"), events.append)
    assert note.read_text() == "hello"
    assert again.manifest.files == first.manifest.files
    assert events[0].level == "warning"


def test_a_folder_that_is_no_artifact_is_never_replaced(tmp_path: Path) -> None:
    mine = tmp_path / "out" / "thesis.tex"
    mine.parent.mkdir()
    mine.write_text("years of work")
    with pytest.raises(StepError) as caught:
        execute(NOTE, request_for(tmp_path / "out"))
    assert caught.value.code == "artifact.output_occupied"
    assert mine.read_text() == "years of work"


def test_inputs_are_verified_before_the_step_runs(tmp_path: Path) -> None:
    before = execute(NOTE, request_for(tmp_path / "before"))
    after = step_that(write, inputs=("note",))
    wanted = request_for(tmp_path / "after", inputs={"note": before.path.as_uri()})
    (before.path / "sub" / "note.txt").write_text("hello!")
    with pytest.raises(StepError) as caught:
        execute(after, wanted)
    assert caught.value.code == "artifact.damaged"
    assert "6 bytes instead of 5" in caught.value.detail


def test_the_manifest_names_the_keys_of_the_inputs(tmp_path: Path) -> None:
    before = execute(NOTE, request_for(tmp_path / "before"))
    after = step_that(write, inputs=("note", "more?"))
    made = execute(after, request_for(tmp_path / "after", inputs={"note": before.path.as_uri()}))
    assert made.manifest.made_by.inputs == {"note": "k" * 64}


@pytest.mark.parametrize(
    ("inputs", "code", "named"),
    [
        ({}, "step.input_missing", "input note"),
        ({"note": "file:///x", "other": "file:///x"}, "step.input_unknown", "input other"),
        ({"note": "s3://bucket/x"}, "uri.unsupported", "s3://bucket/x"),
        ({"note": "relative/path"}, "uri.relative", "relative/path"),
        ({"note": "file:///nowhere/at/all"}, "artifact.missing", "nowhere"),
        ({"note": ["file:///a", "file:///b"]}, "step.input_missing", "2 were given"),
    ],
)
def test_wrong_inputs_are_refused_by_name(
    tmp_path: Path, inputs: dict[str, Any], code: str, named: str
) -> None:
    with pytest.raises(StepError, match=named) as caught:
        execute(step_that(write, inputs=("note",)), request_for(tmp_path / "out", inputs=inputs))
    assert caught.value.code == code


def test_another_version_than_the_planned_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StepError) as caught:
        execute(NOTE, request_for(tmp_path / "out", version="2"))
    assert caught.value.code == "step.other_version"


def test_an_unforeseen_failure_names_its_line_and_leaves_nothing(tmp_path: Path) -> None:
    def fail(params: Params, context: StepContext) -> Outcome:
        (context.output / "half.bin").write_bytes(b"x")
        return {}[1]

    with pytest.raises(StepError) as caught:
        execute(step_that(fail), request_for(tmp_path / "out"))
    assert caught.value.code == "step.failed"
    assert caught.value.where["file"] == "test_runner.py"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        RuntimeError("ComputeError: No space left on device (os error 28)"),
    ],
)
def test_a_full_disk_says_so_and_leaves_nothing(tmp_path: Path, error: Exception) -> None:
    def fill(params: Params, context: StepContext) -> Outcome:
        raise error

    with pytest.raises(StepError) as caught:
        execute(step_that(fill), request_for(tmp_path / "out"))
    assert caught.value.code == "artifact.disk_full"
    assert str(tmp_path / "out") in caught.value.detail
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_taken_away_says_so(tmp_path: Path) -> None:
    def write_after(params: Params, context: StepContext) -> Outcome:
        (tmp_path / "disk").rename(tmp_path / "away")
        return write(params, context)

    (tmp_path / "disk").mkdir()
    with pytest.raises(StepError) as caught:
        execute(step_that(write_after), request_for(tmp_path / "disk" / "out"))
    assert caught.value.code == "artifact.disk_gone"
    assert str(tmp_path / "disk") in caught.value.detail
    assert not (tmp_path / "disk").exists()


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="needs root to mount a small disk"
)
@pytest.mark.parametrize("library", ["python", "polars"])
def test_a_really_full_disk(tmp_path: Path, library: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], check=False)
    if mounted.returncode != 0:
        pytest.skip("this machine does not allow mounts")

    def fill(params: Params, context: StepContext) -> Outcome:
        if library == "python":
            (context.output / "big.bin").write_bytes(os.urandom(4 << 20))
        else:
            import polars as pl

            frame = pl.DataFrame({"x": np.random.default_rng(1).random(1_000_000)})
            frame.write_parquet(context.output / "big.parquet")
        return Outcome(kind="big", summary={})

    try:
        with pytest.raises(StepError) as caught:
            execute(step_that(fill), request_for(disk / "out"))
        assert caught.value.code == "artifact.disk_full"
        assert list(disk.iterdir()) == []
        assert execute(NOTE, request_for(disk / "out")).manifest.kind == "note"
    finally:
        subprocess.run(["umount", disk], check=True)


def test_stagings_of_dead_processes_are_removed_and_living_ones_kept(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    name = staging_folder(tmp_path / "out").name
    old = tmp_path / name.replace(f"-{os.getpid()}", f"-{dead.pid}")
    living = tmp_path / name.replace(f"-{os.getpid()}", f"-{os.getppid()}")
    foreign = tmp_path / f".staging-out-elsewhere-{dead.pid}"
    for folder in (old, living, foreign):
        folder.mkdir()
    execute(NOTE, request_for(tmp_path / "out"))
    assert sorted(stagings(tmp_path)) == sorted([living.name, foreign.name])


def test_whoever_finishes_first_wins(tmp_path: Path) -> None:
    def overtaken(params: Params, context: StepContext) -> Outcome:
        execute(NOTE, request_for(tmp_path / "elsewhere")).path.rename(tmp_path / "out")
        return write(params, context)

    artifact = execute(step_that(overtaken), request_for(tmp_path / "out"))
    assert artifact.file("sub/note.txt").read_text() == "hello"
    assert stagings(tmp_path) == []


@pytest.mark.parametrize("name", ["with space", "naïve-日本", "a#b%20c", "q&a"])
def test_file_uris_lead_to_their_path(tmp_path: Path, name: str) -> None:
    assert to_path((tmp_path / name).as_uri()) == tmp_path / name
    assert to_path(str(tmp_path / name)) == tmp_path / name


def test_the_fixture_runs_a_step_and_keeps_its_events(run_step: Any, events: list[Any]) -> None:
    artifact: Artifact = run_step(NOTE, {"text": "x"})
    assert artifact.file("sub/note.txt").read_text() == "x"
    assert [event.message for event in events] == ["half"]

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from breadthflow_engine.artifacts import read_artifact
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import StepRequest
from breadthflow_engine.protocol.step import Emitter, Outcome, Step, StepContext
from breadthflow_engine.protocol.uris import to_path
from breadthflow_engine.runner import run_request


class Params(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = "hello"


def write_text(params: Params, context: StepContext) -> Outcome:
    (context.output / "nested").mkdir()
    (context.output / "nested" / "text.txt").write_text(params.text)
    context.emit.progress(1.0, "written")
    return Outcome(kind="text", summary={"length": len(params.text)}, rows=1)


STEP = Step(name="write", version="1", params=Params, run=write_text)


def test_an_artifact_has_a_manifest_with_hashed_files(run_step, events):
    artifact = run_step(STEP, {"text": "bars"})

    (file,) = artifact.manifest.files
    assert file.path == "nested/text.txt"
    assert file.bytes == 4
    assert file.sha256 == hashlib.sha256(b"bars").hexdigest()
    assert artifact.manifest.made_by.step == "write"
    assert artifact.summary == {"length": 4}
    assert [event.kind for event in events] == ["progress"]


def test_a_finished_artifact_is_not_made_again(run_step):
    first = run_step(STEP)
    calls = []
    again = run_step(
        Step(name="write", version="1", params=Params, run=lambda *_: calls.append(1))  # type: ignore[arg-type]
    )
    assert again.manifest == first.manifest
    assert calls == []


def test_unknown_parameters_are_named(run_step):
    with pytest.raises(StepError, match="colour: Extra inputs") as caught:
        run_step(STEP, {"colour": "red"})
    assert caught.value.code == "step.bad_params"
    assert caught.value.where["fields"] == ["colour"]


def test_a_failing_step_leaves_nothing(run_step, tmp_path):
    def fail(_: Params, context: StepContext) -> Outcome:
        (context.output / "half.txt").write_text("half")
        raise StepError("x.broken", "It broke.", "Mend it.")

    with pytest.raises(StepError, match="It broke"):
        run_step(Step(name="fail", version="1", params=Params, run=fail))
    assert list((tmp_path / "cache" / "fail").iterdir()) == []


def test_the_remains_of_a_killed_execution_are_replaced(run_step, tmp_path):
    first = run_step(STEP)
    (first.path / "manifest.json").unlink()
    dead = first.path.parent / f".staging-{first.path.name}-1"
    dead.mkdir()
    (dead / "half.txt").write_text("half")

    again = run_step(STEP)

    assert again.file("nested/text.txt").read_text() == "hello"
    assert not dead.exists()


@pytest.mark.skipif(os.name == "nt", reason="errno.ENOSPC is how POSIX says it")
def test_a_full_disk_is_named(run_step):
    def fill(_: Params, context: StepContext) -> Outcome:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(context.output))

    with pytest.raises(StepError, match="disk is full") as caught:
        run_step(Step(name="fill", version="1", params=Params, run=fill))
    assert caught.value.code == "artifact.disk_full"


def test_another_version_of_a_step_is_refused(tmp_path):
    request = StepRequest(step="write", version="2", output=(tmp_path / "out").as_uri())
    with pytest.raises(StepError, match="version 1 here, not 2"):
        run_request(request, Emitter(lambda _: None), load=lambda _: STEP)


def test_a_missing_input_is_named(run_step):
    needy = Step(name="needy", version="1", params=Params, run=write_text, inputs=("bars",))
    with pytest.raises(StepError, match="needs one artifact as its input bars"):
        run_step(needy)


def test_a_folder_without_a_manifest_is_no_artifact(tmp_path):
    with pytest.raises(StepError, match="no finished artifact"):
        read_artifact(tmp_path)


def test_places_are_file_uris_or_absolute_paths(tmp_path: Path):
    spaced = tmp_path / "a folder" / "ü"
    assert to_path(spaced.as_uri()) == spaced
    assert to_path(str(spaced)) == spaced
    with pytest.raises(StepError, match="s3"):
        to_path("s3://bucket/key")
    with pytest.raises(StepError, match="absolute"):
        to_path("relative/path")

"""What is kept, in which order, and what is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from stored_artifacts import MADE, ObjectFolder, Workspace, files_of

from breadthflow_engine.artifacts import MANIFEST
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.steps import STEP_ENVIRONMENTS, load_step


def test_the_files_are_kept_first_and_the_manifest_last(
    workspace: Workspace, objects: ObjectFolder
):
    yarn = workspace.run("spin")
    place = f"spin/{yarn.manifest.made_by.key}"
    assert objects.done == [
        f"+{place}/{name}" for name in ("ball/thread.txt", "colour.txt", "empty", MANIFEST)
    ]
    assert files_of(objects.root / place) == files_of(yarn.path)


def test_what_is_kept_already_is_not_kept_again(
    workspace: Workspace, another: Workspace, objects: ObjectFolder
):
    workspace.run("spin")
    objects.done.clear()
    workspace.run("spin")
    another.run("spin")
    assert objects.done == []


@pytest.mark.parametrize("lost", ["ball/thread.txt", MANIFEST])
def test_what_was_kept_in_part_is_nothing_until_a_later_step_keeps_the_rest(
    workspace: Workspace, another: Workspace, objects: ObjectFolder, lost: str
):
    objects.fails = lambda name: name.startswith("spin/") and name.endswith(lost)
    yarn = workspace.run("spin")
    objects.fails = lambda name: False
    place = f"spin/{yarn.manifest.made_by.key}"
    assert not (objects.root / place / MANIFEST).exists()
    another.run("spin", text="other")
    assert MADE == ["spin", "spin"]

    workspace.run("knit", yarn=yarn)
    assert files_of(objects.root / place) == files_of(yarn.path)


def test_inputs_that_were_made_before_there_was_a_store_are_kept_with_what_is_made_of_them(
    workspace: Workspace, objects: ObjectFolder
):
    store, workspace.store = workspace.store, None
    yarn = workspace.run("spin")
    assert objects.done == []
    workspace.store = store
    sock = workspace.run("knit", yarn=yarn)
    for artifact in (yarn, sock):
        made_by = artifact.manifest.made_by
        assert files_of(objects.root / made_by.step / made_by.key) == files_of(artifact.path)


@pytest.mark.parametrize("key", ["", "0123", "K" * 64, "../" + "0" * 61])
def test_what_has_no_content_key_is_not_kept(workspace: Workspace, objects: ObjectFolder, key: str):
    workspace.run("spin", key=key)
    assert objects.done == []


def test_an_artifact_that_points_outside_of_itself_is_neither_kept_nor_brought_back(
    workspace: Workspace, another: Workspace, objects: ObjectFolder
):
    prices = workspace.run("bars")
    model = workspace.run("fit", bars=prices)
    assert {name.split("/")[0] for name in objects.done} == {"+fit"}
    another.run("bars")
    assert MADE == ["bars", "fit", "bars"]
    assert model.manifest.kind == "model"


def test_each_step_says_of_itself_whether_its_artifact_stands_alone():
    bound = {name for name in STEP_ENVIRONMENTS if load_step(name).bound_to}
    assert bound == {"ingest", "register"}


def test_trials_that_the_artifact_does_not_tell_of_keep_it_from_being_kept(
    workspace: Workspace, objects: ObjectFolder
):
    workspace.steps["fit"] = replace(workspace.steps["fit"], trials=None)
    workspace.run("fit", bars=workspace.run("bars"))
    assert objects.done == []
    assert len(workspace.warnings) == 1
    assert "trials" in workspace.warnings[0]


def test_a_file_that_changed_since_it_was_made_is_not_kept_as_whole(
    workspace: Workspace, objects: ObjectFolder, monkeypatch: pytest.MonkeyPatch
):
    """As a read error or another program may do it, between the step and its keeping."""
    store = workspace.store
    assert store is not None
    keep = store.keep

    def meddle(artifact: Artifact) -> int:
        (artifact.path / "colour.txt").write_text("RED", encoding="utf-8")
        return keep(artifact)

    monkeypatch.setattr(store, "keep", meddle)
    with pytest.raises(StepError, match=r"colour\.txt"):
        workspace.run("spin")
    assert [name for name in objects.done if name.endswith(MANIFEST)] == []
    assert len(workspace.warnings) == 1

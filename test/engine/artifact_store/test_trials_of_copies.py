"""A trial counts once, in every workspace that has what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest
from stored_artifacts import MADE, TRIALS, ObjectFolder, Params, Workspace, key_of

from breadthflow_engine.artifacts import MANIFEST
from breadthflow_engine.protocol.messages import StepEvent, Trial
from breadthflow_engine.protocol.step import Outcome, StepContext


def test_the_ledger_of_a_workspace_gets_the_trials_of_what_is_brought_back(
    workspace: Workspace, another: Workspace
):
    model = workspace.run("fit", bars=workspace.run("bars"))
    another.run("fit", bars=another.run("bars"))
    assert MADE == ["bars", "fit", "bars"]
    assert another.trials == workspace.trials == TRIALS
    # As the owner knows them: by artifact, number and parameters.
    said = [{**line, "at": None} for line in another.ledger()]
    assert said == [{**line, "at": None} for line in workspace.ledger()]
    assert [line["trial"]["number"] for line in said] == [0, 1]
    assert {line["artifact"] for line in said} == {model.manifest.made_by.key}
    assert {line["data_set"] for line in said} == {"prices"}


def test_they_are_counted_before_the_workspace_has_the_artifact(
    workspace: Workspace, another: Workspace
):
    """Else a process that is killed in between leaves a model whose trials nobody counts: from
    then on the workspace's cache has it, and no engine is asked for it."""
    workspace.run("fit", bars=workspace.run("bars"))
    output = another.place("fit", key_of("fit", {"text": "wool"}))

    def hear(event: StepEvent) -> None:
        if isinstance(event, Trial) and event.number == 1:
            assert len(another.ledger()) == 2
            assert not output.exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        another.run("fit", bars=another.run("bars"), hear=hear)
    assert not output.exists()
    assert len(another.ledger()) == 2


def leaves_no_trials(params: Params, context: StepContext) -> Outcome:
    (context.output / "model.txt").write_text("model", encoding="utf-8")
    return Outcome(kind="model", summary={})


def leaves_other_trials(params: Params, context: StepContext) -> Outcome:
    pl.DataFrame({"trial": [1]}).write_parquet(context.output / "trials.parquet")
    return leaves_no_trials(params, context)


@pytest.mark.parametrize("leave", [leaves_no_trials, leaves_other_trials])
def test_a_model_whose_trials_cannot_be_counted_is_made_anew(
    workspace: Workspace,
    another: Workspace,
    objects: ObjectFolder,
    leave: Callable[..., Outcome],
):
    workspace.steps["fit"] = replace(workspace.steps["fit"], run=leave)
    model = workspace.run("fit", bars=workspace.run("bars"))
    assert (objects.root / "fit" / model.manifest.made_by.key / MANIFEST).exists()
    another.run("fit", bars=another.run("bars"))
    assert MADE[-1] == "fit"
    (warning,) = another.warnings
    assert "trials.parquet" in warning
    assert another.trials == TRIALS

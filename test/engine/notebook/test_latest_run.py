"""What a notebook is shown of a workspace, on an index as the workbench's migrations make it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from pydantic import BaseModel

from breadthflow_engine.notebook import latest_run
from breadthflow_engine.notebook_server import lab_arguments, place_starters
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Outcome, Step, StepContext

MIGRATIONS = Path(__file__).resolve().parents[3] / "main" / "project-index" / "migrations"


class Nothing(BaseModel):
    pass


def _judge(params: Nothing, context: StepContext) -> Outcome:
    (context.output / "verdict.json").write_text(json.dumps({"verdict": "watch"}))
    pl.DataFrame({"day": [1, 2]}).write_parquet(context.output / "days.parquet")
    return Outcome(kind="verdict", summary={"verdict": "watch"})


@pytest.fixture
def workspace(run_step, tmp_path: Path) -> Path:
    """Three runs: an older one that is done, a newer one of another idea, one that is at work."""
    artifact = run_step(Step(name="judge", version="1", params=Nothing, run=_judge))
    folder = tmp_path / "workspace"
    path = "cache/judge/k"
    shutil.copytree(artifact.path, folder / path)
    with closing(sqlite3.connect(folder / "index.db")) as index:
        index.execute("PRAGMA journal_mode = WAL")
        for file in sorted(MIGRATIONS.glob("*.sql")):
            index.executescript(file.read_text(encoding="utf-8"))
        for run, idea, state, started in [
            ("r-1", "volatility", "done", "2026-01-01T00:00:00Z"),
            ("r-2", "reversal", "done", "2026-01-02T00:00:00Z"),
            ("r-3", "reversal", "running", "2026-01-03T00:00:00Z"),
        ]:
            document = json.dumps({"id": idea, "name": f"The {idea}"})
            index.execute(
                "INSERT INTO runs (id, idea, document, state, started) VALUES (?, ?, ?, ?, ?)",
                (run, idea, document, state, started),
            )
        index.execute(
            "INSERT INTO artifacts VALUES ('k', 'judge', 'verdict', ?, 0, 0, '{}', 'now')", (path,)
        )
        for run in ("r-1", "r-2"):
            index.execute(
                "INSERT INTO steps (run, step, position, state, key) VALUES (?, ?, ?, ?, ?)",
                (run, "judge", 1, "done", "k"),
            )
            index.execute(
                "INSERT INTO steps (run, step, position, state) VALUES (?, 'train', 0, 'failed')",
                (run,),
            )
        index.commit()
    return folder


def test_the_last_run_that_has_ended_is_shown_with_what_its_steps_made(workspace):
    run = latest_run(workspace)
    assert (run.id, run.name, run.state) == ("r-2", "The reversal", "done")
    assert list(run.artifacts) == ["judge"]
    assert run.summary("judge") == {"verdict": "watch"}
    assert run.document("judge", "verdict") == {"verdict": "watch"}
    assert run.table("judge", "days")["day"].to_list() == [1, 2]


def test_one_idea_has_a_last_run_of_its_own(workspace):
    assert latest_run(workspace, idea="volatility").id == "r-1"


def test_the_workspace_that_the_notebook_was_started_for_needs_no_name(workspace, monkeypatch):
    monkeypatch.setenv("BREADTHFLOW_WORKSPACE", str(workspace))
    assert latest_run().id == "r-2"


def test_what_is_not_there_is_named(workspace, tmp_path, monkeypatch):
    monkeypatch.delenv("BREADTHFLOW_WORKSPACE", raising=False)
    for ask, code in [
        (lambda: latest_run(), "workspace.unknown"),
        (lambda: latest_run(tmp_path / "nowhere"), "workspace.no_index"),
        (lambda: latest_run(workspace, idea="other"), "workspace.no_run"),
        (lambda: latest_run(workspace).artifact("train"), "run.no_artifact"),
    ]:
        with pytest.raises(StepError) as refused:
            ask()
        assert refused.value.code == code
        assert refused.value.hint


def test_a_notebook_to_begin_with_is_laid_down_once(tmp_path):
    starters, folder = tmp_path / "starters", tmp_path / "mine"
    starters.mkdir()
    for name in ("a.ipynb", "b.ipynb", "note.txt"):
        (starters / name).write_text("theirs")
    assert place_starters(starters, folder) == ["a.ipynb", "b.ipynb"]
    (folder / "a.ipynb").write_text("mine")
    (folder / "b.ipynb").unlink()
    assert place_starters(starters, folder) == ["b.ipynb"]
    assert (folder / "a.ipynb").read_text() == "mine"


def test_lab_is_told_to_keep_to_this_machine(tmp_path):
    arguments = lab_arguments(tmp_path, "127.0.0.1", 1)
    assert "--ServerApp.allow_remote_access=False" in arguments
    assert "--LabApp.news_url=None" in arguments

"""What a notebook looks at: the runs of a workspace, read only.

    from breadthflow_engine.notebook import latest_run

    run = latest_run()
    run.verdict, run.summary("train"), run.table("backtest", "equity")

The workbench owns the index and goes on writing it; nothing here ever does.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from breadthflow_engine.artifacts import read_artifact
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.workspace import INDEX_FILE
from breadthflow_engine.workspace import VARIABLE as WORKSPACE_VARIABLE


@dataclass(frozen=True)
class Run:
    """A run as it ended. `idea` is its document as the run stood on it."""

    id: str
    idea: Mapping[str, Any]
    state: str
    started: str
    seconds: float | None
    verdict: str | None
    artifacts: Mapping[str, Path]

    @property
    def name(self) -> str:
        return str(self.idea.get("name", self.idea.get("id", "")))

    def artifact(self, step: str) -> Artifact:
        """What a step of it made, verified: every file has its size and its hash.

        Raises:
            StepError: `run.no_artifact`, or what `read_artifact` says of a damaged one.
        """
        if step not in self.artifacts:
            raise StepError(
                "run.no_artifact",
                f"The run {self.id} has nothing of a step {step}.",
                f"It has: {', '.join(self.artifacts) or 'nothing'}.",
                run=self.id,
                step=step,
            )
        return read_artifact(self.artifacts[step])

    def summary(self, step: str) -> dict[str, Any]:
        return self.artifact(step).summary

    def document(self, step: str, name: str) -> Any:
        """One of a step's JSON files, such as ("judge", "verdict")."""
        return json.loads(self.artifact(step).file(f"{name}.json").read_text(encoding="utf-8"))

    def table(self, step: str, name: str) -> pl.DataFrame:
        """One of a step's tables, such as ("train", "predictions")."""
        return pl.read_parquet(self.artifact(step).file(f"{name}.parquet"))


def latest_run(workspace: Path | str | None = None, *, idea: str | None = None) -> Run:
    """The last run of a workspace that came to its end, of one idea or of any.

    Args:
        workspace: its folder; by default the one that the notebook was started for.
        idea: an idea's id.

    Raises:
        StepError: `workspace.unknown`, `workspace.no_index` or `workspace.no_run`.
    """
    folder = _folder(workspace)
    with closing(_open(folder)) as index:
        found = index.execute(
            "SELECT id, document, state, started, seconds, verdict FROM runs"
            " WHERE state = 'done' AND (?1 IS NULL OR idea = ?1)"
            " ORDER BY started DESC, id DESC LIMIT 1",
            (idea,),
        ).fetchone()
        if found is None:
            raise StepError(
                "workspace.no_run",
                f"No run{f' of {idea}' if idea else ''} in {folder} has come to its end.",
                "Test an idea first, on its page or by `breadthflow run`.",
                workspace=str(folder),
            )
        run, document, state, started, seconds, verdict = found
        made = index.execute(
            "SELECT steps.step, artifacts.path FROM steps JOIN artifacts USING (key)"
            " WHERE steps.run = ? AND steps.state IN ('done', 'cached') ORDER BY steps.position",
            (run,),
        ).fetchall()
    artifacts = {step: folder / path for step, path in made}
    return Run(run, json.loads(document), state, started, seconds, verdict, artifacts)


def _folder(workspace: Path | str | None) -> Path:
    given = workspace or os.environ.get(WORKSPACE_VARIABLE)
    if not given:
        raise StepError(
            "workspace.unknown",
            "No workspace is named.",
            f"Give its folder, or set {WORKSPACE_VARIABLE}.",
        )
    return Path(given).expanduser().resolve()


def _open(folder: Path) -> sqlite3.Connection:
    file = folder / INDEX_FILE
    if not file.is_file():
        raise StepError(
            "workspace.no_index",
            f"{folder} is not a workspace: it has no {INDEX_FILE}.",
            "Name the folder that the workbench was opened with.",
            workspace=str(folder),
        )
    index = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
    try:
        index.execute("SELECT 1 FROM runs LIMIT 1")
    except sqlite3.OperationalError:
        # A log of writes needs a file beside the index, which cannot be made where nothing may be
        # written. Without such a log, nobody has it open, and it can be read as it lies there.
        index.close()
        if file.with_name(f"{INDEX_FILE}-wal").exists():
            raise
        index = sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)
    return index

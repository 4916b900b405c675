"""Workspaces that share a store of artifacts, and small steps that run in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
from pyarrow import NativeFile
from pyarrow.fs import LocalFileSystem
from pydantic import BaseModel

from breadthflow_engine.artifact_store import ArtifactStore
from breadthflow_engine.artifacts import read_artifact
from breadthflow_engine.protocol.messages import Log, StepEvent, StepRequest, Trial
from breadthflow_engine.protocol.step import (
    Artifact,
    Emitter,
    Outcome,
    Step,
    StepContext,
)
from breadthflow_engine.runner import run_request
from breadthflow_engine.workspace import INDEX_FILE


class ObjectFolder(LocalFileSystem):
    """A folder that behaves as a bucket: no folder has to be there before a file in it.

    `done` has the names of the objects in the order in which they were written and removed; while
    `fails` says so of the name of one, it cannot be reached.
    """

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root
        self.done: list[str] = []
        self.fails: Callable[[str], bool] = lambda name: False

    def _reached(self, path: str) -> str:
        name = Path(path).relative_to(self.root).as_posix()
        if self.fails(name):
            raise OSError("the store is away")
        return name

    def open_output_stream(self, path: str, *args: Any, **options: Any) -> NativeFile:
        self.done.append(f"+{self._reached(path)}")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        return super().open_output_stream(path, *args, **options)

    def open_input_stream(self, path: str, *args: Any, **options: Any) -> NativeFile:
        self._reached(path)
        return super().open_input_stream(path, *args, **options)

    def get_file_info(self, paths: Any) -> Any:
        for path in paths:
            self._reached(path)
        return super().get_file_info(paths)

    def delete_file(self, path: str) -> None:
        self.done.append(f"-{self._reached(path)}")
        super().delete_file(path)


class Params(BaseModel):
    text: str = "wool"


def spin(params: Params, context: StepContext) -> Outcome:
    """Leaves a file, one in a folder, and one that is empty."""
    MADE.append("spin")
    (context.output / "ball").mkdir()
    (context.output / "ball" / "thread.txt").write_text(params.text, encoding="utf-8")
    (context.output / "colour.txt").write_text("red", encoding="utf-8")
    (context.output / "empty").touch()
    return Outcome(kind="yarn", summary={"length": len(params.text)})


def knit(params: Params, context: StepContext) -> Outcome:
    MADE.append("knit")
    thread = context.inputs["yarn"].file("ball/thread.txt").read_text("utf-8")
    (context.output / "sock.txt").write_text(thread * 2, encoding="utf-8")
    return Outcome(kind="sock", summary={})


def bars(params: Params, context: StepContext) -> Outcome:
    MADE.append("bars")
    (context.output / "understood.json").write_text("{}", encoding="utf-8")
    return Outcome(kind="bars", summary={"name": "prices"})


TRIALS = [
    Trial(
        number=0,
        engine="linear",
        params={"alpha": 0.1 + 0.2, "rounds": 3, "of": "é"},
        state="complete",
        score=1 / 3,
        fold_scores=[0.1, 1e-17],
        seconds=0.25,
    ),
    Trial(number=1, engine="linear", params={}, state="failed", error="no rows"),
]


def fit(params: Params, context: StepContext) -> Outcome:
    MADE.append("fit")
    for trial in TRIALS:
        context.emit.trial(trial)
    rows = [
        {**trial.model_dump(exclude={"kind"}), "params": json.dumps(trial.params)}
        for trial in TRIALS
    ]
    pl.DataFrame(rows).write_parquet(context.output / "trials.parquet")
    return Outcome(kind="model", summary={"trials": len(TRIALS)})


MADE: list[str] = []
"""The steps that were done rather than brought back, in any workspace."""

STEPS: dict[str, Step[Params]] = {
    "spin": Step("spin", "1", Params, spin),
    "knit": Step("knit", "1", Params, knit, inputs=("yarn",)),
    "bars": Step("bars", "1", Params, bars, bound_to="a table elsewhere"),
    "fit": Step("fit", "1", Params, fit, inputs=("bars",), trials="trials.parquet"),
}


def key_of(step: str, params: Mapping[str, Any]) -> str:
    return hashlib.sha256(f"{step} {json.dumps(params)}".encode()).hexdigest()


class Workspace:
    """Runs steps in a workspace's folder, with a store or without.

    `events` has what its steps said.
    """

    def __init__(self, root: Path, store: ArtifactStore | None) -> None:
        self.root = root
        self.store = store
        self.steps = dict(STEPS)
        self.events: list[StepEvent] = []
        root.mkdir()
        (root / INDEX_FILE).touch()

    def run(
        self,
        step: str,
        *,
        key: str | None = None,
        hear: Callable[[StepEvent], None] = lambda event: None,
        text: str = "wool",
        **inputs: Artifact,
    ) -> Artifact:
        def send(event: StepEvent) -> None:
            hear(event)
            self.events.append(event)

        params = {"text": text}
        name = key_of(step, params) if key is None else key
        output = self.place(step, name or "without-a-key")
        request = StepRequest(
            step=step,
            key=name,
            params=params,
            inputs={role: artifact.path.as_uri() for role, artifact in inputs.items()},
            output=output.as_uri(),
        )
        run_request(request, Emitter(send), load=self.steps.__getitem__, store=self.store)
        return read_artifact(output)

    def place(self, step: str, key: str) -> Path:
        return self.root / "cache" / step / key

    @property
    def logs(self) -> list[Log]:
        return [event for event in self.events if isinstance(event, Log)]

    @property
    def warnings(self) -> list[str]:
        return [log.message for log in self.logs if log.level == "warning"]

    @property
    def trials(self) -> list[Trial]:
        return [event for event in self.events if isinstance(event, Trial)]

    def ledger(self) -> list[dict[str, Any]]:
        files = sorted((self.root / "ledger").glob("*.jsonl"))
        return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

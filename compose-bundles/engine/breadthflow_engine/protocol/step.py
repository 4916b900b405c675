"""What a step is, and what it is given to work with."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import (
    Finding,
    Log,
    Manifest,
    Metric,
    Progress,
    Resources,
    StepEvent,
    Trial,
)

P = TypeVar("P", bound=BaseModel)


@dataclass(frozen=True)
class Artifact:
    """A finished artifact: its folder and its manifest."""

    path: Path
    manifest: Manifest

    def file(self, name: str) -> Path:
        """The path of one of its files; a missing one is an error that names the artifact."""
        path = self.path / name
        if not path.exists():
            raise StepError(
                "artifact.file_missing",
                f"{self.manifest.kind} artifact {self.path.name} has no file {name}.",
                "Run the step again: its cached artifact was made by another version or damaged.",
                artifact=str(self.path),
            )
        return path

    @property
    def summary(self) -> dict[str, Any]:
        return self.manifest.summary


class Emitter:
    """How a step tells its news. `send` takes one event; the rest are short ways to say it."""

    def __init__(self, send: Callable[[StepEvent], None]) -> None:
        self.send = send
        self._started = time.monotonic()

    def progress(
        self,
        fraction: float,
        message: str = "",
        *,
        done: float | None = None,
        total: float | None = None,
        unit: str | None = None,
        eta_s: float | None = None,
    ) -> None:
        """Report how far the step is; without `eta_s`, the estimate is linear in `fraction`."""
        fraction = min(1.0, max(0.0, fraction))
        if eta_s is None and fraction > 0.02:
            elapsed = time.monotonic() - self._started
            eta_s = elapsed * (1 - fraction) / fraction
        self.send(
            Progress(
                fraction=fraction, message=message, done=done, total=total, unit=unit, eta_s=eta_s
            )
        )

    def metric(self, name: str, value: float, step_index: int | None = None) -> None:
        """One that does not exist (NaN) is no news, and JSON has no word for it."""
        if math.isfinite(value):
            self.send(Metric(name=name, value=value, step_index=step_index))

    def trial(self, trial: Trial) -> None:
        self.send(trial)

    def finding(self, finding: Finding) -> None:
        self.send(finding)

    def log(self, message: str, level: Any = "info", **fields: Any) -> None:
        self.send(Log(level=level, message=message, fields=fields))


@dataclass(frozen=True)
class StepContext:
    """Everything a step is given beside its parameters.

    Attributes:
        inputs: artifacts by input name.
        sources: paths by input name, for inputs that are not artifacts (only ingest has one).
        places: paths or URLs that the step works in; never part of its key.
        output: an empty staging folder; files left there become the artifact.
        emit: where news go.
        resources: threads, memory, seed, deadline.
        key: the content key of this execution.
    """

    inputs: Mapping[str, Artifact]
    sources: Mapping[str, list[Path]]
    places: Mapping[str, str]
    output: Path
    emit: Emitter
    resources: Resources
    key: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a step returns: the kind and shape of what it left in `output`, and a summary."""

    kind: str
    summary: dict[str, Any]
    rows: int = 0
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step(Generic[P]):
    """One step, registered by its module as `STEP`.

    Attributes:
        name: the word used everywhere for it.
        version: raised by hand when the meaning of its output changes.
        params: pydantic model; unknown keys are refused.
        run: does the work. Pure in (params, inputs): no clock, network or environment variable.
        code: dotted names of the packages or modules that make up its code version, besides its
            own package; a change in any of them changes the content key.
        inputs: names of the artifacts it reads; a trailing `?` marks an optional one.
        sources: names of inputs that are paths of raw files rather than artifacts.
        bound_to: what outside of itself its artifact points at, and is worth nothing without. One
            that is bound to nothing can be kept elsewhere and brought back instead of being made.
        trials: the file of its artifact that tells of the trials that the step emitted, in the
            columns of `Trial`, its parameters as JSON; without it they would be lost where the
            artifact is brought back.
    """

    name: str
    version: str
    params: type[P]
    run: Callable[[P, StepContext], Outcome]
    inputs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    bound_to: str | None = None
    trials: str | None = None

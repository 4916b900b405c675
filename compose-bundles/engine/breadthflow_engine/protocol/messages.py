"""The words of the step protocol, as frozen models; JSON on the wire, snake_case."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from breadthflow_engine.plain import plain


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Resources(_Frozen):
    """What a step may use. `seed` is the only source of chance that a step has."""

    threads: int = Field(default=2, ge=1, le=256)
    memory_mb: int = Field(default=4096, ge=256)
    seed: int = Field(default=7, ge=0)
    deadline_s: float | None = Field(default=None, gt=0)


class StepRequest(_Frozen):
    """One step to run.

    `inputs` maps a name to the URI (or URIs) of artifacts or sources; `places` maps a name to a
    URI that the step works in and that is not part of its content key (the Delta table to append
    to, the tracking server). `key` is the content key that the caller computed.
    """

    step: str
    version: str | None = None
    key: str = ""
    params: dict[str, Any] = Field(default_factory=dict)
    inputs: dict[str, str | list[str]] = Field(default_factory=dict)
    places: dict[str, str] = Field(default_factory=dict)
    output: str
    resources: Resources = Resources()


class ArtifactFile(_Frozen):
    path: str
    bytes: int
    sha256: str


class MadeBy(_Frozen):
    step: str
    version: str
    key: str
    params: dict[str, Any]
    inputs: dict[str, Any]
    lock: str
    engine: str


class Manifest(_Frozen):
    """What a step left, written last of all: a folder without one is not an artifact."""

    kind: str
    columns: dict[str, str] = Field(default_factory=dict)
    rows: int = 0
    files: list[ArtifactFile]
    made_by: MadeBy
    summary: dict[str, Any]
    seconds: float


class Progress(_Frozen):
    kind: Literal["progress"] = "progress"
    fraction: float = Field(ge=0, le=1)
    done: float | None = None
    total: float | None = None
    unit: str | None = None
    eta_s: float | None = None
    message: str = ""


class Metric(_Frozen):
    kind: Literal["metric"] = "metric"
    name: str
    value: float
    step_index: int | None = None


# A number, or None where there is none, such as the rank IC of days with two symbols: JSON has no
# NaN, and who reads the event at the other end of a pipe would refuse it.
Known = Annotated[float | None, BeforeValidator(plain)]


class Trial(_Frozen):
    """One fitted configuration, whatever became of it."""

    kind: Literal["trial"] = "trial"
    number: int
    engine: str
    params: dict[str, Any]
    state: Literal["complete", "pruned", "failed", "cancelled"]
    score: Known = None
    fold_scores: list[Known] = Field(default_factory=list)
    seconds: float = 0.0
    error: str | None = None


class Finding(_Frozen):
    """One thing that the quality check saw, and what was done about it."""

    kind: Literal["finding"] = "finding"
    rule: str
    severity: Literal["info", "warning", "error"]
    symbol: str | None = None
    date_from: str | None = None
    date_to: str | None = None
    action: Literal["kept", "repaired", "quarantined"]
    rows: int = 0
    detail: str = ""


class Log(_Frozen):
    kind: Literal["log"] = "log"
    level: Literal["debug", "info", "warning", "error"] = "info"
    message: str
    fields: dict[str, Any] = Field(default_factory=dict)


StepEvent = Annotated[Progress | Metric | Trial | Finding | Log, Field(discriminator="kind")]

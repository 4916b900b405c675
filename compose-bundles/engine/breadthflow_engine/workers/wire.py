"""What the API process and a worker say to each other: one JSON object a line, over pipes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from breadthflow_engine.protocol.messages import Manifest, StepEvent, StepRequest


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Warm(_Line):
    """Import these steps while there is nothing else to do."""

    type: Literal["warm"] = "warm"
    steps: list[str]


class Run(_Line):
    type: Literal["run"] = "run"
    job: str
    correlation: str
    request: StepRequest


class Warmed(_Line):
    """Everything that was to be imported is."""

    type: Literal["warmed"] = "warmed"


class Said(_Line):
    type: Literal["said"] = "said"
    job: str
    event: StepEvent


class Done(_Line):
    """The artifact is at its place. `rss_mb` is the worker's memory afterwards."""

    type: Literal["done"] = "done"
    job: str
    manifest: Manifest
    rss_mb: float


class Failed(_Line):
    type: Literal["failed"] = "failed"
    job: str
    problem: dict[str, Any]
    rss_mb: float


ToWorker = Annotated[Warm | Run, Field(discriminator="type")]
FromWorker = Annotated[Warmed | Said | Done | Failed, Field(discriminator="type")]

to_worker: TypeAdapter[ToWorker] = TypeAdapter(ToWorker)
from_worker: TypeAdapter[FromWorker] = TypeAdapter(FromWorker)

# A manifest lists every file of an artifact, and a trial its parameters: lines may be long.
LINE_LIMIT = 64 << 20

"""One job: its state, and everything that it said, for whoever follows it now or later."""

from __future__ import annotations

import asyncio
import datetime
import time
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import (
    Finding,
    Log,
    Manifest,
    Metric,
    Progress,
    StepEvent,
    StepRequest,
    Trial,
)

JobState = Literal["queued", "running", "done", "failed", "cancelled"]


class Problem(BaseModel):
    """An error that a person can act on (RFC 9457)."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int | None = None
    code: str
    detail: str
    hint: str
    where: dict[str, Any] | None = None


class State(BaseModel):
    """The job went into another state; the last one of a job is done, failed or cancelled."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["state"] = "state"
    state: JobState
    manifest: Manifest | None = None
    problem: Problem | None = None


JobEvent = Annotated[Progress | Metric | Trial | Finding | Log | State, Field(discriminator="kind")]


class JobView(BaseModel):
    """A job as the API shows it. `seconds` counts from its start; `events` have ids from 1."""

    model_config = ConfigDict(frozen=True)

    id: str
    step: str
    key: str
    correlation: str
    state: JobState
    created: datetime.datetime
    seconds: float | None
    events: int
    manifest: Manifest | None
    problem: Problem | None


class Job:
    """One request on its way. Lives in the event loop's thread; `on_over` is told of its end."""

    def __init__(
        self,
        request: StepRequest,
        correlation: str,
        on_over: Callable[[Job], None] = lambda job: None,
    ) -> None:
        self.id = f"j-{uuid.uuid4().hex[:16]}"
        self.request = request
        self.correlation = correlation
        self._on_over = on_over
        self.cancel_requested = asyncio.Event()
        self._created = datetime.datetime.now(datetime.UTC)
        self._started: float | None = None
        self._seconds: float | None = None
        self._last = State(state="queued")
        self._events: list[StepEvent | State] = [self._last]
        self._news = asyncio.Event()

    @property
    def state(self) -> JobState:
        return self._last.state

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed", "cancelled")

    @property
    def seconds(self) -> float | None:
        """How long it took from its start; None as long as it is not over, or if it never began."""
        return self._seconds

    def view(self) -> JobView:
        running = time.monotonic() - self._started if self._started is not None else None
        return JobView(
            id=self.id,
            step=self.request.step,
            key=self.request.key,
            correlation=self.correlation,
            state=self.state,
            created=self._created,
            seconds=self._seconds if self._seconds is not None else running,
            events=len(self._events),
            manifest=self._last.manifest,
            problem=self._last.problem,
        )

    def begin(self) -> None:
        self._started = time.monotonic()
        self._go(State(state="running"))

    def add(self, event: StepEvent) -> None:
        self._append(event)

    def finish(self, manifest: Manifest) -> None:
        self._end(State(state="done", manifest=manifest))

    def fail(self, problem: dict[str, Any]) -> None:
        self._end(State(state="failed", problem=Problem(**problem)))

    def cancel(self) -> None:
        problem = StepError(
            "job.cancelled",
            f"The step {self.request.step} was cancelled.",
            "Run it again when you want its result: finished steps are kept.",
            step=self.request.step,
        ).problem()
        self._end(State(state="cancelled", problem=Problem(**problem)))

    async def follow(self, after: int = 0) -> AsyncIterator[tuple[int, StepEvent | State]]:
        """Its events with their ids, from the one after `after` until it is over."""
        position = max(0, after)
        while True:
            # The list may grow while a caller holds one of its events: it is looked at anew each
            # time, and nothing is awaited between the last look and the wait.
            while position < len(self._events):
                position += 1
                yield position, self._events[position - 1]
            if self.is_over:
                return
            await self._news.wait()

    def _end(self, state: State) -> None:
        if self._started is not None:
            self._seconds = time.monotonic() - self._started
        self._go(state)
        self._on_over(self)

    def _go(self, state: State) -> None:
        self._last = state
        self._append(state)

    def _append(self, event: StepEvent | State) -> None:
        self._events.append(event)
        # Everybody who waits is woken, and waits for the next one on a fresh event.
        self._news.set()
        self._news = asyncio.Event()

"""The HTTP API: jobs in, events out."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Collection
from typing import Annotated

from fastapi import Depends, FastAPI, Header, Response
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict

from breadthflow_engine import __version__
from breadthflow_engine.api.guard import Guard
from breadthflow_engine.api.metrics import CONTENT_TYPE, EngineMetrics
from breadthflow_engine.api.problems import add_problem_handlers
from breadthflow_engine.api.viewing import viewing
from breadthflow_engine.capabilities import Capabilities, CapabilityReader
from breadthflow_engine.protocol.messages import StepRequest
from breadthflow_engine.workers.jobs import Job, JobEvent, JobView
from breadthflow_engine.workers.pool import JobPool

_PING_SECONDS = 15


class Health(BaseModel):
    """The engine is up. `pid` tells one start from the next."""

    model_config = ConfigDict(frozen=True)

    engine: str
    pid: int


class WarmRequest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    environment: str = "core"


class WarmView(BaseModel):
    """`warm` is false while the worker still imports its steps; it takes jobs all the same."""

    model_config = ConfigDict(frozen=True)

    environment: str
    warm: bool


class EventStream(StreamingResponse):
    media_type = "text/event-stream"


CorrelationId = Annotated[
    str | None,
    Header(
        alias="X-Correlation-Id",
        max_length=128,
        description="Follows the job through the logs; made up if absent.",
    ),
]


def create_app(
    token: str,
    *,
    pool: JobPool | None = None,
    capabilities: CapabilityReader | None = None,
    metrics_token: str | None = None,
    names: Collection[str] = (),
) -> FastAPI:
    """The application. It answers `/healthz` to everyone on loopback and the rest for `token`.

    `metrics_token` opens `/metrics` alone; under `names` it is reached besides loopback's.

    Raises:
        ValueError: for an empty token.
    """
    if not token:
        raise ValueError("the engine needs a token")
    jobs = pool or JobPool()
    metrics = EngineMetrics(jobs)
    reader = capabilities or CapabilityReader()
    app = FastAPI(
        title="BreadthFlow engine",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # The guard checks it, before anything is read; this is for the API's description.
        dependencies=[Depends(HTTPBearer(auto_error=False))],
        responses={
            "default": {
                "description": "What went wrong, and what to do.",
                "content": {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                },
            }
        },
        generate_unique_id_function=lambda route: route.name,
    )
    app.add_middleware(Guard, token=token, metrics_token=metrics_token, names=names)
    add_problem_handlers(app)

    @app.get("/healthz")
    async def health() -> Health:
        """Whether the engine is up; the only question that needs no token."""
        return Health(engine=__version__, pid=os.getpid())

    # For Prometheus, whose format is its own: not part of the API that clients are made from.
    @app.get("/metrics", include_in_schema=False)
    async def metrics_() -> Response:
        """Jobs, steps' seconds, the queue and the workers' memory."""
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    @app.get("/capabilities")
    def capabilities_() -> Capabilities:
        """The steps with the versions that content keys are made of."""
        return reader.read()

    @app.post("/jobs", status_code=202)
    async def submit(
        request: StepRequest, response: Response, correlation: CorrelationId = None
    ) -> JobView:
        """Queues a step."""
        job = jobs.submit(request, correlation or uuid.uuid4().hex)
        response.headers["X-Correlation-Id"] = job.correlation
        response.headers["Location"] = f"/jobs/{job.id}"
        return job.view()

    @app.get("/jobs/{job}")
    async def job(job: str) -> JobView:
        """A job as it stands."""
        return jobs.get(job).view()

    @app.delete("/jobs/{job}", status_code=202)
    async def cancel(job: str) -> JobView:
        """Asks a job to end; its last event tells when it has. One that is over stays as it is."""
        return jobs.cancel(job).view()

    @app.get(
        "/jobs/{job}/events",
        response_class=EventStream,
        responses={200: {"model": JobEvent, "description": "Server-sent events, one a message."}},
    )
    async def events(
        job: str, last_event_id: Annotated[int, Header(ge=0)] = 0
    ) -> StreamingResponse:
        """What a job says, until it is over. `Last-Event-ID` takes up after that event."""
        return EventStream(
            _messages(jobs.get(job), last_event_id), headers={"Cache-Control": "no-store"}
        )

    @app.post("/warm", status_code=202)
    async def warm(request: WarmRequest) -> WarmView:
        """Starts the worker of an environment, so that the next job does not wait for imports."""
        done = await jobs.warm(request.environment)
        return WarmView(environment=request.environment, warm=done)

    app.include_router(viewing)
    return app


async def _messages(job: Job, after: int) -> AsyncIterator[str]:
    """A job's events as server-sent events; a comment now and then shows a dead connection."""
    following = job.follow(after)
    upcoming = asyncio.ensure_future(anext(following))
    try:
        while True:
            finished, _ = await asyncio.wait({upcoming}, timeout=_PING_SECONDS)
            if not finished:
                yield ": still here\n\n"
                continue
            try:
                number, event = upcoming.result()
            except StopAsyncIteration:
                return
            upcoming = asyncio.ensure_future(anext(following))
            yield f"id: {number}\nevent: {event.kind}\ndata: {event.model_dump_json()}\n\n"
    finally:
        upcoming.cancel()

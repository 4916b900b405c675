"""The jobs of one environment, one at a time, in the order in which they came."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

import structlog

from breadthflow_engine.protocol.errors import StepError, past_deadline
from breadthflow_engine.workers.jobs import Job
from breadthflow_engine.workers.worker import JobFailed, Worker, WorkerDied

log = structlog.get_logger("workers")


class Lane:
    """One environment's queue and its worker.

    Args:
        environment: its name.
        command: starts a worker process.
        steps: what a warm worker has imported.
        threads: for each library in the worker.
        rss_limit_mb: a worker that is bigger after a job makes way for a new one.
    """

    def __init__(
        self,
        environment: str,
        command: Sequence[str],
        steps: list[str],
        *,
        threads: int,
        rss_limit_mb: float,
    ) -> None:
        self.environment = environment
        self._command = command
        self._steps = steps
        self._threads = threads
        self._rss_limit_mb = rss_limit_mb
        self._queue: asyncio.Queue[Job] = asyncio.Queue()
        self._worker: Worker | None = None
        self._starting = asyncio.Lock()
        self._loop = asyncio.create_task(self._work())

    @property
    def is_warm(self) -> bool:
        return self._worker is not None and self._worker.is_alive and self._worker.is_warm

    @property
    def worker_pid(self) -> int | None:
        """The process of the worker, where one lives."""
        return self._worker.pid if self._worker is not None and self._worker.is_alive else None

    def put(self, job: Job) -> None:
        self._queue.put_nowait(job)

    async def warm(self) -> None:
        """See to it that there is a worker and that it imports every step of its environment."""
        if self._worker is None or not self._worker.is_alive:
            await (await self._living_worker()).warm(self._steps)
        elif not self._worker.is_warm:
            await self._worker.warm(self._steps)

    async def close(self) -> None:
        self._loop.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._loop
        if self._worker is not None:
            await self._worker.kill()

    async def _work(self) -> None:
        while True:
            job = await self._queue.get()
            if job.is_over:
                continue
            with structlog.contextvars.bound_contextvars(
                correlation_id=job.correlation, job=job.id, step=job.request.step
            ):
                try:
                    await self._do(job)
                except Exception as error:
                    log.exception("the job could not be done")
                    job.fail(_could_not_start(self.environment, error).problem())

    async def _do(self, job: Job) -> None:
        job.begin()
        worker = await self._living_worker()
        running = asyncio.create_task(worker.run(job, job.add))
        cancelled = asyncio.create_task(job.cancel_requested.wait())
        try:
            await asyncio.wait(
                {running, cancelled},
                timeout=job.request.resources.deadline_s,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if running.done():
                await self._settle(job, worker, running)
            else:
                await worker.kill(job)
                if cancelled.done():
                    job.cancel()
                else:
                    resources = job.request.resources
                    job.fail(past_deadline(job.request.step, resources.deadline_s).problem())
                await self.warm()
        finally:
            for task in (running, cancelled):
                task.cancel()
            if not job.is_over:
                await worker.kill(job)
                job.cancel()
            await asyncio.gather(running, cancelled, return_exceptions=True)

    async def _settle(self, job: Job, worker: Worker, running: asyncio.Task) -> None:
        try:
            job.finish(await running)
        except JobFailed as failure:
            job.fail(failure.problem)
        except WorkerDied as death:
            log.error("the worker died", how=death.how)
            await worker.kill(job)
            job.fail(_died(job, death).problem())
            await self.warm()
            return
        if worker.rss_mb > self._rss_limit_mb:
            log.info("the worker grew too big and is replaced", rss_mb=round(worker.rss_mb))
            await worker.kill()
            await self.warm()

    async def _living_worker(self) -> Worker:
        async with self._starting:
            if self._worker is None or not self._worker.is_alive:
                self._worker = await Worker.start(self._command, self._threads)
            return self._worker


def _died(job: Job, death: WorkerDied) -> StepError:
    return StepError(
        "engine.worker_died",
        f"The worker died while it did the step {job.request.step}: {death.how}.",
        "Run it again: finished steps are kept, and a new worker is ready.",
        step=job.request.step,
    )


def _could_not_start(environment: str, error: Exception) -> StepError:
    return StepError(
        "engine.no_worker",
        f"No worker could be started for the environment {environment}: {error}",
        "`doctor` checks the environments and says how to repair them.",
        environment=environment,
    )

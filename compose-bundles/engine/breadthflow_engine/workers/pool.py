"""All jobs of this engine, and the workers of every environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

from breadthflow_engine.capabilities import interpreter
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import StepRequest
from breadthflow_engine.steps import STEP_ENVIRONMENTS, unknown_step
from breadthflow_engine.workers.jobs import Job
from breadthflow_engine.workers.lane import Lane

# So many finished jobs can still be asked for.
_KEPT = 500


def worker_command(environment: str) -> list[str]:
    """The command line of a worker of an environment.

    Raises:
        StepError: `engine.environment_missing`.
    """
    python = interpreter(environment)
    if not python.exists():
        raise StepError(
            "engine.environment_missing",
            f"The Python environment {environment} is not installed ({python} does not exist).",
            "Run `node scripts/prepare.mjs --env " + environment + "`.",
            environment=environment,
        )
    return [str(python), "-m", "breadthflow_engine.workers.process", environment]


class JobPool:
    """Takes requests, and remembers what became of them.

    Args:
        steps: environment by step name.
        command: the command line of a worker of an environment.
        threads: for each library in a worker; by default, one a core.
        rss_limit_mb: a worker that is bigger after a job makes way for a new one.
    """

    def __init__(
        self,
        steps: Mapping[str, str] = STEP_ENVIRONMENTS,
        command: Callable[[str], Sequence[str]] = worker_command,
        *,
        threads: int | None = None,
        rss_limit_mb: float = 4096,
    ) -> None:
        self._steps = steps
        self._command = command
        self._threads = threads or _cores()
        self._rss_limit_mb = rss_limit_mb
        self._lanes: dict[str, Lane] = {}
        self._jobs: dict[str, Job] = {}
        self._watchers: list[Callable[[Job], None]] = []

    @property
    def jobs(self) -> Sequence[Job]:
        """Those that are not over, and the last that are."""
        return list(self._jobs.values())

    @property
    def lanes(self) -> Sequence[Lane]:
        """One for each environment that was asked for so far."""
        return list(self._lanes.values())

    def watch(self, watcher: Callable[[Job], None]) -> None:
        """Tells `watcher` of every job that is over from now on."""
        self._watchers.append(watcher)

    def environment_of(self, job: Job) -> str:
        return self._steps[job.request.step]

    def submit(self, request: StepRequest, correlation: str) -> Job:
        """Queues a request.

        Raises:
            StepError: `step.unknown` or `engine.environment_missing`.
        """
        if request.step not in self._steps:
            raise unknown_step(request.step, self._steps)
        lane = self._lane(self._steps[request.step])
        job = Job(request, correlation, self._over)
        self._forget_oldest()
        self._jobs[job.id] = job
        lane.put(job)
        return job

    def get(self, job: str) -> Job:
        """Raises StepError `job.unknown`."""
        if job not in self._jobs:
            raise StepError(
                "job.unknown",
                f"There is no job {job!r}.",
                "It may belong to an engine that was restarted since; submit the request again.",
                job=job,
            )
        return self._jobs[job]

    def cancel(self, job: str) -> Job:
        """Asks a job to end; one that is over stays as it is."""
        found = self.get(job)
        if found.state == "queued":
            found.cancel()
        elif found.state == "running":
            found.cancel_requested.set()
        return found

    async def warm(self, environment: str) -> bool:
        """Starts an environment's worker and its imports; says whether they are done already."""
        lane = self._lane(environment)
        await lane.warm()
        return lane.is_warm

    async def close(self) -> None:
        """Ends every worker; what ran is cancelled."""
        for job in self._jobs.values():
            if job.state == "queued":
                job.cancel()
        for lane in self._lanes.values():
            await lane.close()
        self._lanes.clear()

    def _lane(self, environment: str) -> Lane:
        if environment not in self._lanes:
            if environment not in self._steps.values():
                raise StepError(
                    "engine.environment_unknown",
                    f"There is no environment {environment!r} with steps in it.",
                    f"There are: {', '.join(sorted(set(self._steps.values())))}.",
                    environment=environment,
                )
            self._lanes[environment] = Lane(
                environment,
                self._command(environment),
                [step for step, place in self._steps.items() if place == environment],
                threads=self._threads,
                rss_limit_mb=self._rss_limit_mb,
            )
        return self._lanes[environment]

    def _over(self, job: Job) -> None:
        for watcher in self._watchers:
            watcher(job)

    def _forget_oldest(self) -> None:
        over = [job.id for job in self._jobs.values() if job.is_over]
        for job in over[: max(0, len(over) - _KEPT)]:
            del self._jobs[job]


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1

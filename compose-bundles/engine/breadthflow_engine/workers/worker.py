"""The API's side of one worker process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import Manifest, StepEvent
from breadthflow_engine.protocol.uris import to_path
from breadthflow_engine.staging import remove_dead_stagings
from breadthflow_engine.workers.jobs import Job
from breadthflow_engine.workers.process_tree import kill_tree
from breadthflow_engine.workers.wire import (
    LINE_LIMIT,
    Done,
    Failed,
    Run,
    Said,
    ToWorker,
    Warm,
    Warmed,
    from_worker,
)

log = structlog.get_logger("workers")

_EXIT_SECONDS = 2.0


class WorkerDied(Exception):  # noqa: N818 - a fact about a process
    """The process ended in the middle of something. `how` says by what."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class JobFailed(Exception):  # noqa: N818 - the step's own failure, carried over the wire
    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem["detail"])
        self.problem = problem


class Worker:
    """A process that is started once and does jobs until it is ended."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._warmed = asyncio.Event()
        self._answers: asyncio.Queue[Said | Done | Failed | None] = asyncio.Queue()
        self._reader = asyncio.create_task(self._read())
        self.rss_mb = 0.0

    @classmethod
    async def start(cls, command: Sequence[str], threads: int) -> Worker:
        """Starts the process; it takes orders at once and answers when its imports are done."""
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_LIMIT,
            env={**os.environ, **_thread_variables(threads)},
            # Ctrl-C in a terminal is for the API process, which ends its workers itself.
            start_new_session=os.name != "nt",
        )
        log.info("worker started", pid=process.pid)
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None and not self._reader.done()

    @property
    def is_warm(self) -> bool:
        return self._warmed.is_set()

    async def warm(self, steps: list[str]) -> None:
        with contextlib.suppress(ConnectionError):
            await self._send(Warm(steps=steps))

    async def run(self, job: Job, on_event: Callable[[StepEvent], None]) -> Manifest:
        """Does a job.

        Raises:
            JobFailed: with the step's problem.
            WorkerDied: if the process ended before it answered.
        """
        with contextlib.suppress(ConnectionError):
            await self._send(Run(job=job.id, correlation=job.correlation, request=job.request))
        while True:
            answer = await self._answers.get()
            if answer is None:
                raise WorkerDied(await self._how_it_ended())
            if isinstance(answer, Said):
                on_event(answer.event)
                continue
            self.rss_mb = answer.rss_mb
            if isinstance(answer, Failed):
                raise JobFailed(answer.problem)
            return answer.manifest

    async def kill(self, job: Job | None = None) -> None:
        """Ends the process with all that it started, and clears what `job` left half-made."""
        await asyncio.to_thread(kill_tree, self.pid)
        await self._process.wait()
        await asyncio.gather(self._reader, return_exceptions=True)
        if job is not None:
            with contextlib.suppress(StepError):
                folder = to_path(job.request.output).parent
                await asyncio.to_thread(remove_dead_stagings, folder)

    async def _send(self, message: ToWorker) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        pipe.write(message.model_dump_json().encode() + b"\n")
        await pipe.drain()

    async def _read(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        try:
            while line := await pipe.readline():
                message = from_worker.validate_json(line)
                if isinstance(message, Warmed):
                    self._warmed.set()
                else:
                    self._answers.put_nowait(message)
        except ValueError:
            log.exception("the worker said something that is no message", pid=self.pid)
        finally:
            self._answers.put_nowait(None)

    async def _how_it_ended(self) -> str:
        try:
            return _how(await asyncio.wait_for(self._process.wait(), _EXIT_SECONDS))
        except TimeoutError:
            # It lives, but its pipe is closed or speaks nonsense: nothing more will come of it.
            await self.kill()
            return "it stopped speaking the protocol"


def _thread_variables(threads: int) -> Mapping[str, str]:
    """How the libraries are told how many threads they have: at start, and only then."""
    names = ("POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS")
    names += ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return dict.fromkeys(names, str(threads))


def _how(code: int) -> str:
    if code >= 0:
        return f"it ended with code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    # The kernel kills with SIGKILL when memory runs out.
    return f"it was ended by {name}" + (", perhaps for want of memory" if code == -9 else "")

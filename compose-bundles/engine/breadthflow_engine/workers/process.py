"""The worker's side: reads lines on stdin, does one job at a time, answers on stdout.

Started as `python -m breadthflow_engine.workers.process ENVIRONMENT`.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from collections import deque

import psutil
import structlog

from breadthflow_engine.artifact_store import ArtifactStore, configured_store
from breadthflow_engine.logging import configure_logging
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import Progress, StepEvent
from breadthflow_engine.protocol.step import Emitter
from breadthflow_engine.runner import run_request
from breadthflow_engine.steps import StepLoader, load_step
from breadthflow_engine.workers.process_tree import kill_descendants
from breadthflow_engine.workers.wire import (
    Done,
    Failed,
    FromWorker,
    Run,
    Said,
    ToWorker,
    Warm,
    Warmed,
    to_worker,
)

log = structlog.get_logger("worker")

_PROGRESS_SECONDS = 0.05


class Pipe:
    """The two pipes to the API process, out of reach of everything that prints.

    Whatever a library writes to stdout goes to stderr, which is the log.
    """

    def __init__(self) -> None:
        self._in = os.fdopen(os.dup(0), "rb")
        self._out = os.dup(1)
        self._lock = threading.Lock()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(2, 1)

    def send(self, message: FromWorker) -> None:
        line = message.model_dump_json().encode() + b"\n"
        with self._lock:
            while line:
                line = line[os.write(self._out, line) :]

    def read_into(self, received: queue.SimpleQueue[ToWorker]) -> None:
        """Reads until the API process is gone; then this process has no reason to be."""
        for line in self._in:
            received.put(to_worker.validate_json(line))
        kill_descendants()
        os._exit(0)


class Worker:
    """Does jobs as they come, and imports steps in between."""

    def __init__(
        self, pipe: Pipe, load: StepLoader, environment: str, store: ArtifactStore | None
    ) -> None:
        self._pipe = pipe
        self._load = load
        self._environment = environment
        self._store = store
        self._cold: deque[str] = deque()

    def serve(self, received: queue.SimpleQueue[ToWorker]) -> None:
        while True:
            try:
                message = received.get(block=not self._cold)
            except queue.Empty:
                # One import at a time: a job that comes meanwhile waits for no more than that.
                self._warm(self._cold.popleft())
                continue
            if isinstance(message, Warm):
                self._cold.extend(message.steps)
            else:
                self._run(message)

    def _warm(self, step: str) -> None:
        started = time.monotonic()
        try:
            self._load(step)
            log.debug("imported", step=step, seconds=round(time.monotonic() - started, 2))
        except Exception:
            # Whoever asks for this step is told; the others can be done.
            log.exception("import failed", step=step)
        if not self._cold:
            self._pipe.send(Warmed())

    def _run(self, order: Run) -> None:
        request = order.request
        with structlog.contextvars.bound_contextvars(
            correlation_id=order.correlation, job=order.job, step=request.step
        ):
            log.info("started", key=request.key)
            emitter = Emitter(_Throttle(self._pipe, order.job))
            try:
                manifest = run_request(
                    request,
                    emitter,
                    load=self._load,
                    environment=self._environment,
                    store=self._store,
                )
                log.info("finished", seconds=manifest.seconds)
                self._pipe.send(Done(job=order.job, manifest=manifest, rss_mb=_rss_mb()))
            except Exception as error:
                log.exception("failed")
                problem = problem_of(error)
                self._pipe.send(Failed(job=order.job, problem=problem, rss_mb=_rss_mb()))


class _Throttle:
    """Sends a step's events; progress at most every 50 ms, which is all that an eye can see."""

    def __init__(self, pipe: Pipe, job: str) -> None:
        self._pipe = pipe
        self._job = job
        self._last = 0.0

    def __call__(self, event: StepEvent) -> None:
        if isinstance(event, Progress) and event.fraction < 1:
            now = time.monotonic()
            if now - self._last < _PROGRESS_SECONDS:
                return
            self._last = now
        self._pipe.send(Said(job=self._job, event=event))


def problem_of(error: Exception) -> dict[str, object]:
    """The problem inside any error; what was not foreseen says so."""
    if isinstance(error, StepError):
        return error.problem()
    return StepError(
        "engine.unexpected",
        f"{type(error).__name__}: {error}",
        "This is a defect of the engine. Its log has the whole traceback.",
    ).problem()


def _rss_mb() -> float:
    return psutil.Process().memory_info().rss / 1e6


def main(environment: str, load: StepLoader = load_step) -> None:
    configure_logging()
    pipe = Pipe()
    received: queue.SimpleQueue[ToWorker] = queue.SimpleQueue()
    threading.Thread(target=pipe.read_into, args=(received,), daemon=True).start()
    Worker(pipe, load, environment, configured_store(os.environ)).serve(received)


if __name__ == "__main__":
    main(sys.argv[1])

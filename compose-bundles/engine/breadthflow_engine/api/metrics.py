"""What the engine tells Prometheus: jobs, how long steps take, what waits, what workers hold."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable

import psutil
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from breadthflow_engine import __version__
from breadthflow_engine.workers.jobs import Job
from breadthflow_engine.workers.pool import JobPool

CONTENT_TYPE = CONTENT_TYPE_LATEST

# A cached look takes milliseconds, a search over all symbols takes the better part of an hour.
_SECONDS = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)


class EngineMetrics:
    """Counts what becomes of a pool's jobs, and looks at the pool whenever it is asked.

    A registry of its own: two engines in one process do not count each other's jobs.
    """

    def __init__(self, pool: JobPool) -> None:
        self._registry = CollectorRegistry()
        self._jobs = Counter(
            "breadthflow_engine_jobs",
            "Jobs that are over, by step and by how they ended.",
            ["step", "state"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "breadthflow_engine_step_seconds",
            "From a job's start to its end, by step; jobs that never began are not in it.",
            ["step"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)
        self._registry.register(_PoolNow(pool))
        pool.watch(self._over)

    def text(self) -> bytes:
        return generate_latest(self._registry)

    def _over(self, job: Job) -> None:
        step = job.request.step
        self._jobs.labels(step=step, state=job.state).inc()
        if job.seconds is not None:
            self._seconds.labels(step=step).observe(job.seconds)


class _PoolNow(Collector):
    """The state of a pool at the moment of the look."""

    def __init__(self, pool: JobPool) -> None:
        self._pool = pool

    def collect(self) -> Iterable[Metric]:
        yield InfoMetricFamily("breadthflow_engine", "This engine.", {"version": __version__})
        yield from self._jobs()
        yield from self._workers()

    def _jobs(self) -> Iterable[Metric]:
        counted = Tally((self._pool.environment_of(job), job.state) for job in self._pool.jobs)
        waiting = _gauge("jobs_waiting", "Jobs that wait for a worker, by environment.")
        running = _gauge("jobs_running", "Jobs that a worker is doing, by environment.")
        for lane in self._pool.lanes:
            waiting.add_metric([lane.environment], counted[lane.environment, "queued"])
            running.add_metric([lane.environment], counted[lane.environment, "running"])
        yield waiting
        yield running

    def _workers(self) -> Iterable[Metric]:
        alive = _gauge("worker_alive", "Whether the worker of an environment lives.")
        resident = _gauge(
            "worker_resident_memory_bytes", "What a worker and all that it started hold in memory."
        )
        for lane in self._pool.lanes:
            pid = lane.worker_pid
            alive.add_metric([lane.environment], float(pid is not None))
            if pid is not None:
                resident.add_metric([lane.environment], _resident(pid))
        yield alive
        yield resident


def _gauge(name: str, meaning: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"breadthflow_engine_{name}", meaning, labels=["environment"])


def _resident(pid: int) -> float:
    """Of a process and its children; one that ends meanwhile holds nothing."""
    try:
        process = psutil.Process(pid)
        tree = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0
    total = 0
    for one in tree:
        try:
            total += one.memory_info().rss
        except psutil.Error:
            continue
    return total

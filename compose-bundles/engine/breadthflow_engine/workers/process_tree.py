"""Ending a process with everything that it started, on every system."""

from __future__ import annotations

import contextlib
import time

import psutil

_SECONDS = 5.0


def kill_tree(pid: int) -> None:
    """Kill a process and its descendants, and wait until none of them runs any more."""
    try:
        root = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return
    _kill([*_descendants(root), root])


def kill_descendants() -> None:
    """Kill everything that this process started, directly or not."""
    _kill(_descendants(psutil.Process()))


def _kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    # psutil's own wait would take a child's exit status away from whoever started it.
    end = time.monotonic() + _SECONDS
    while any(_runs(process) for process in processes) and time.monotonic() < end:
        time.sleep(0.005)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []

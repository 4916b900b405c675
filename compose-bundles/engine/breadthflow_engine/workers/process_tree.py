"""Ending a process with everything that it started, on every system."""

from __future__ import annotations

import contextlib

import psutil


def kill_tree(pid: int) -> None:
    """Kill a process and its descendants, and wait until they are gone."""
    try:
        root = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return
    kill_all([*_descendants(root), root])


def kill_descendants() -> None:
    """Kill everything that this process started, directly or not."""
    kill_all(_descendants(psutil.Process()))


def kill_all(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=5)


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []

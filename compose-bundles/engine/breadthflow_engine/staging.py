"""Staging folders, in which a step works before its artifact takes its place."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from breadthflow_engine.disk import disk_failures_named
from breadthflow_engine.protocol.errors import StepError

_FOREIGN_SECONDS = 7 * 24 * 3600


@contextmanager
def staging(output: Path) -> Iterator[Path]:
    """An empty folder beside `output`, gone at the end unless it was published.

    Raises:
        StepError: `artifact.not_writable`, or one of `disk_failures_named`, naming the folder.
    """
    try:
        with disk_failures_named(output):
            output.parent.mkdir(parents=True, exist_ok=True)
            remove_dead_stagings(output.parent)
            folder = staging_folder(output)
            # Only this very process can have left it, in an execution that is over.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
    except OSError as error:
        raise StepError(
            "artifact.not_writable",
            f"The folder {output.parent} cannot be written to: {error.strerror}.",
            "Give this user the right to write there, or choose another workspace.",
            output=str(output),
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def staging_folder(output: Path) -> Path:
    """Where this process prepares `output`: beside it, so that the last rename is atomic."""
    return output.parent / f".staging-{output.name[:16]}-{_host()}-{os.getpid()}"


def remove_dead_stagings(parent: Path) -> list[str]:
    """Remove staging folders whose process is gone, and return their names.

    Those of another machine or container on the same disk cannot be asked; they go after a week.
    """
    removed = []
    for folder in parent.glob(".staging-*"):
        host, _, pid = folder.name.rpartition("-")
        try:
            born = folder.stat().st_ctime
            if host.endswith(f"-{_host()}") and pid.isdigit():
                dead = not _lives_since(int(pid), born)
            else:
                dead = time.time() - born > _FOREIGN_SECONDS
        except FileNotFoundError:
            continue
        if dead:
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder.name)
    return removed


def _lives_since(pid: int, moment: float) -> bool:
    """Whether process `pid` runs and is no newer than `moment` (process ids are reused)."""
    try:
        return psutil.Process(pid).create_time() <= moment + 1
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def _host() -> str:
    return "".join(c if c.isalnum() else "_" for c in socket.gethostname())[:32]

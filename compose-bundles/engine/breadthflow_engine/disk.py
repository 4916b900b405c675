"""A disk that is full or gone, however a library reports it, as an error to act on."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from breadthflow_engine.protocol.errors import StepError

# How the libraries below the steps (Rust, Arrow, C) say it in errors of their own: POSIX error
# 28, Windows errors 112 and 39.
_WORDS = (
    "no space left on device",
    "os error 28",
    "os error 112",
    "os error 39",
    "not enough space on the disk",
    "disk quota exceeded",
)


@contextmanager
def disk_failures_named(output: Path) -> Iterator[None]:
    """Turns a full disk into `artifact.disk_full`, and one that is gone into `artifact.disk_gone`;
    both name the place and what to do."""
    folder = output.parent
    was_there = folder.exists()
    try:
        yield
    except StepError:
        raise
    except Exception as error:
        if was_there and not folder.exists():
            raise StepError(
                "artifact.disk_gone",
                f"The folder {folder} is not there any more: its disk was taken away, or it was "
                "moved or deleted.",
                "Bring it back, then run again: finished steps are kept.",
                output=str(output),
            ) from error
        if not _is_disk_full(error):
            raise
        free = shutil.disk_usage(_existing(output)).free
        raise StepError(
            "artifact.disk_full",
            f"The disk is full ({free / 1e6:.0f} MB free): {output} could not be written.",
            "Free some space or move the workspace, then run again: finished steps are kept.",
            output=str(output),
            free_bytes=free,
        ) from error


def _is_disk_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    said = str(error).lower()
    return any(words in said for words in _WORDS)


def _existing(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.exists())

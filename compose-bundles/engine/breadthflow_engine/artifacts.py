"""Artifacts on disk: read with their manifest, written so that a part is never seen.

An artifact is a folder whose `manifest.json` was written last and which was then renamed to its
place. A folder without a manifest is the remains of an execution that was ended.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import ArtifactFile, Manifest
from breadthflow_engine.protocol.step import Artifact

MANIFEST = "manifest.json"
_STAGING = ".staging-"
_CHUNK = 1 << 20


def read_artifact(path: Path) -> Artifact:
    """The finished artifact in a folder.

    Raises:
        StepError: `artifact.missing` or `artifact.damaged`, naming the folder.
    """
    try:
        text = (path / MANIFEST).read_text("utf-8")
    except FileNotFoundError:
        raise StepError(
            "artifact.missing",
            f"There is no finished artifact in {path}.",
            "Run the step that makes it first.",
            path=str(path),
        ) from None
    try:
        return Artifact(path, Manifest.model_validate_json(text))
    except ValidationError as error:
        raise StepError(
            "artifact.damaged",
            f"{path / MANIFEST} is not a manifest: {error.errors()[0]['msg']}.",
            "Delete the folder and run the step again.",
            path=str(path),
        ) from error


def is_finished(path: Path) -> bool:
    return (path / MANIFEST).is_file()


@contextmanager
def staging_folder(output: Path) -> Iterator[Path]:
    """An empty folder beside `output` to work in; gone afterwards unless it was published."""
    output.parent.mkdir(parents=True, exist_ok=True)
    for left in output.parent.glob(f"{_STAGING}{output.name}-*"):
        # Two executions of one key never run at once, so what lies here was left by a dead one.
        shutil.rmtree(left, ignore_errors=True)
    staging = output.parent / f"{_STAGING}{output.name}-{os.getpid()}"
    with disk_full_named(output):
        staging.mkdir()
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def describe_files(folder: Path) -> list[ArtifactFile]:
    """Every file below a folder with its size and SHA-256, flushed to the disk; sorted by path."""
    described = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        digest = hashlib.sha256()
        with path.open("rb+") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
            os.fsync(file.fileno())
        relative = path.relative_to(folder).as_posix()
        size = path.stat().st_size
        described.append(ArtifactFile(path=relative, bytes=size, sha256=digest.hexdigest()))
    return described


def publish(staging: Path, output: Path, manifest: Manifest) -> Artifact:
    """Writes the manifest, last of all, and moves the folder to its place in one step."""
    target = staging / MANIFEST
    with target.open("w", encoding="utf-8", newline="\n") as file:
        file.write(manifest.model_dump_json(indent=1))
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(staging)
    if output.exists() and not is_finished(output):
        shutil.rmtree(output)
    staging.rename(output)
    _sync_folder(output.parent)
    return Artifact(output, manifest)


@contextmanager
def disk_full_named(output: Path) -> Iterator[None]:
    """Turns a full disk, however a library reports it, into an error that names the place."""
    try:
        yield
    except StepError:
        raise
    except Exception as error:
        if not _is_disk_full(error):
            raise
        raise StepError(
            "artifact.disk_full",
            f"The disk is full: {output} could not be written.",
            "Free some space or move the workspace, then run again: finished steps are kept.",
            path=str(output),
        ) from error


def _is_disk_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    # Polars and delta-rs raise errors of their own, with the system's words in the text.
    return "No space left on device" in str(error) or "os error 28" in str(error)


def _sync_folder(path: Path) -> None:
    """A rename survives a power cut only when its folder is flushed; Windows cannot open one."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

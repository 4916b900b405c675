"""Artifacts on disk: read and verified by their manifest, written so that a part is never seen.

An artifact is a folder whose `manifest.json` was written last and which was then renamed to its
place. A folder without a manifest is not an artifact.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from pydantic import ValidationError

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import ArtifactFile, Manifest
from breadthflow_engine.protocol.step import Artifact

MANIFEST = "manifest.json"
_CHUNK = 1 << 20

# A warm worker meets the same artifacts again and again: what it wrote or verified is not read
# a second time as long as size and modification time stand. (path, bytes, mtime_ns) -> sha256.
_hashes: dict[tuple[str, int, int], str] = {}


def read_artifact(folder: Path) -> Artifact:
    """The finished artifact in a folder, verified: every file has its size and its hash.

    Raises:
        StepError: `artifact.missing`, `artifact.unreadable` or `artifact.damaged`, naming the
            file.
    """
    path = folder / MANIFEST
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise StepError(
            "artifact.missing",
            f"There is no finished artifact in {folder}.",
            "Run the step that makes it.",
            artifact=str(folder),
        ) from None
    except OSError as error:
        raise StepError(
            "artifact.unreadable",
            f"{path} cannot be read: {error.strerror}.",
            "Give this user the right to read the folder.",
            artifact=str(folder),
        ) from error
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        raise _damaged(folder, MANIFEST, "it is not a manifest") from error
    for file in manifest.files:
        path = folder / file.path
        if not path.is_file():
            raise _damaged(folder, file.path, "it is missing")
        size = path.stat().st_size
        if size != file.bytes:
            raise _damaged(folder, file.path, f"it has {size} bytes instead of {file.bytes}")
        if file_sha256(path) != file.sha256:
            raise _damaged(folder, file.path, "its contents changed")
    return Artifact(folder, manifest)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file in hex, read in pieces."""
    known = _identity(path)
    if known not in _hashes:
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        _hashes[known] = digest.hexdigest()
    return _hashes[known]


def describe_files(folder: Path) -> list[ArtifactFile]:
    """Every file below a folder with its size and hash, sorted by path.

    Each is flushed to the disk: a manifest must not outlive what it describes when power fails.
    """
    described = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        flush(path)
        name = path.relative_to(folder).as_posix()
        size = path.stat().st_size
        described.append(ArtifactFile(path=name, bytes=size, sha256=file_sha256(path)))
    return described


def publish(staging: Path, output: Path, manifest: Manifest, text: str | None = None) -> Artifact:
    """Write the manifest, last of all, and move the folder to its place in one step.

    If another process was first, its artifact counts: the two have the same content key.

    Args:
        text: how the manifest was written when its artifact was made; by default, it is made now.
    """
    path = staging / MANIFEST
    text = text or manifest.model_dump_json(indent=1)
    path.write_text(text, encoding="utf-8", newline="\n")
    flush(path)
    flush(staging)
    if output.is_dir() and not any(output.iterdir()):
        output.rmdir()
    try:
        staging.rename(output)
    except OSError:
        if (output / MANIFEST).is_file():
            return read_artifact(output)
        raise
    flush(output.parent)
    for file in manifest.files:
        _hashes[_identity(output / file.path)] = file.sha256
    return Artifact(output, manifest)


def flush(path: Path) -> None:
    """Force a file to the disk, and a folder where the system knows such a thing."""
    if path.is_dir():
        if os.name == "nt":
            return
        handle = os.open(path, os.O_RDONLY)
    else:
        # Windows flushes only what is open for writing.
        handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _identity(path: Path) -> tuple[str, int, int]:
    stat = path.stat()
    return (str(path), stat.st_size, stat.st_mtime_ns)


def _damaged(folder: Path, file: str, why: str) -> StepError:
    return StepError(
        "artifact.damaged",
        f"{folder / file} is damaged: {why}.",
        "Delete the folder and run again: the step makes it anew.",
        artifact=str(folder),
        file=file,
    )

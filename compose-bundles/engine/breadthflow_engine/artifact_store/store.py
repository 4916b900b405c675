"""Artifacts as objects: `STEP/KEY/` has the files of one, and its manifest, written last of all.

What has no manifest is not there; what does not have the sizes and hashes of its manifest is
refused.
"""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

from breadthflow_engine.artifacts import MANIFEST, flush
from breadthflow_engine.protocol.messages import ArtifactFile, Manifest
from breadthflow_engine.protocol.step import Artifact

if TYPE_CHECKING:
    from pyarrow import NativeFile
    from pyarrow.fs import FileSystem

_CHUNK = 1 << 20
# What passes between a worker and its engine in one message, as a manifest does.
_LONGEST_MANIFEST = 64 << 20
_STEP = re.compile(r"[a-z][a-z0-9_]{0,63}")
_KEY = re.compile(r"[0-9a-f]{64}")
# Of a path in a manifest: no empty part, no `.` or `..`, nothing that is a separator or a drive
# on any system.
_PART = re.compile(r"(?!\.{1,2}$)[^/\\:\x00-\x1f]+")
# How a file system says that there can be no file of that name beside the others.
_NO_SUCH_NAME = (errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EILSEQ)


class StoreAway(Exception):  # noqa: N818 - a fact about a service
    """The store does not answer, or refuses."""


class NotAsDescribed(Exception):  # noqa: N818 - a fact about a file
    """What is to be kept cannot be read, or is not what its manifest says."""


class CopyRefused(Exception):  # noqa: N818 - a fact about an object
    """What the store has is not what was kept there."""


class ArtifactStore:
    """Keeps artifacts and brings them back.

    Args:
        open_filesystem: makes the client; called when it is first needed.
        root: bucket and prefix below which everything lies.
        name: what it is called when something is told of it.
    """

    def __init__(self, open_filesystem: Callable[[], FileSystem], root: str, *, name: str) -> None:
        self._open = open_filesystem
        self._root = root
        self.name = name

    @cached_property
    def _filesystem(self) -> FileSystem:
        return self._open()

    def holds(self, step: str, key: str) -> bool:
        """Whether the artifact was kept whole.

        Raises:
            StoreAway
        """
        from pyarrow.fs import FileType

        with _answering():
            (found,) = self._filesystem.get_file_info([f"{self._place(step, key)}/{MANIFEST}"])
        return found.type == FileType.File

    def keep(self, artifact: Artifact) -> int:
        """Writes the artifact's files, and its manifest after them; returns how many bytes.

        Raises:
            StoreAway
            NotAsDescribed: naming the file.
        """
        made_by = artifact.manifest.made_by
        place = self._place(made_by.step, made_by.key)
        files = artifact.manifest.files
        for file in files:
            if not is_inside(file.path):
                raise NotAsDescribed(f"its manifest names a file {file.path!r}")
        for file in files:
            sent = self._send(artifact.path / file.path, f"{place}/{file.path}")
            if sent != file.sha256:
                raise NotAsDescribed(f"{file.path} has other contents than its manifest says")
        self._send(artifact.path / MANIFEST, f"{place}/{MANIFEST}")
        return sum(file.bytes for file in files)

    def withdraw(self, step: str, key: str) -> None:
        """Takes the manifest away, without which the rest is not an artifact.

        Raises:
            StoreAway
        """
        with _answering():
            self._filesystem.delete_file(f"{self._place(step, key)}/{MANIFEST}")

    def fetch(
        self, step: str, key: str, folder: Path, told: Callable[[int, int], None]
    ) -> str | None:
        """Writes the files of an artifact into `folder`, flushed, and returns the text of its
        manifest, which is not among them; None if the store does not hold it.

        Args:
            told: is called with the bytes that came and those there are.

        Raises:
            StoreAway
            CopyRefused: naming the file.
        """
        place = self._place(step, key)
        chunks = self._read(f"{place}/{MANIFEST}")
        if chunks is None:
            return None
        written = bytearray()
        for chunk in chunks:
            written += chunk
            if len(written) > _LONGEST_MANIFEST:
                raise CopyRefused(f"{MANIFEST} is longer than any manifest")
        try:
            text = written.decode("utf-8")
            manifest = Manifest.model_validate_json(text)
        except ValueError as error:
            raise CopyRefused(f"{MANIFEST} is not a manifest") from error
        if (manifest.made_by.step, manifest.made_by.key) != (step, key):
            raise CopyRefused(f"{MANIFEST} is of another artifact")
        for file in manifest.files:
            if not is_inside(file.path):
                raise CopyRefused(f"its manifest names a file {file.path!r}")
        done, total = 0, sum(file.bytes for file in manifest.files)
        for file in manifest.files:
            self._take(f"{place}/{file.path}", folder / file.path, file)
            done += file.bytes
            told(done, total)
        return text

    def _send(self, path: Path, place: str) -> str:
        """Writes a file as an object; the SHA-256 of what was written."""
        digest = hashlib.sha256()
        with _answering(), self._filesystem.open_output_stream(place) as stream:
            for piece in _pieces_of(path):
                digest.update(piece)
                stream.write(piece)
        return digest.hexdigest()

    def _take(self, place: str, path: Path, file: ArtifactFile) -> None:
        digest, size = hashlib.sha256(), 0
        with _created(path, file) as target:
            chunks = self._read(place)
            if chunks is None:
                raise CopyRefused(f"{file.path} is missing")
            for chunk in chunks:
                size += len(chunk)
                if size > file.bytes:
                    raise CopyRefused(f"{file.path} has more than its {file.bytes} bytes")
                digest.update(chunk)
                target.write(chunk)
        if size != file.bytes:
            raise CopyRefused(f"{file.path} has {size} bytes instead of {file.bytes}")
        if digest.hexdigest() != file.sha256:
            raise CopyRefused(f"{file.path} has other contents than were kept")
        flush(path)

    def _read(self, place: str) -> Iterator[bytes] | None:
        """The bytes of an object in pieces; None if there is none.

        Only what the store does in it is the store's fault, not what becomes of a piece.
        """
        with _answering():
            try:
                stream = self._filesystem.open_input_stream(place)
            except FileNotFoundError:
                return None
        return _pieces(stream)

    def _place(self, step: str, key: str) -> str:
        if not is_kept_under(step, key):
            raise ValueError(f"{step!r}, {key!r} name no artifact")
        return f"{self._root}/{step}/{key}"


def is_kept_under(step: str, key: str) -> bool:
    """Whether the two can name an artifact: objects are named by nothing else."""
    return _STEP.fullmatch(step) is not None and _KEY.fullmatch(key) is not None


def is_inside(path: str) -> bool:
    """Whether a path of a manifest names a file in the artifact's own folder."""
    return path != MANIFEST and all(_PART.fullmatch(part) for part in path.split("/"))


def _pieces_of(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                yield piece
    except OSError as error:
        raise NotAsDescribed(_in_one_line(error)) from error


def _pieces(stream: NativeFile) -> Iterator[bytes]:
    with stream:
        while True:
            with _answering():
                piece = stream.read(_CHUNK)
            if not piece:
                return
            yield piece


def _created(path: Path, file: ArtifactFile) -> IO[bytes]:
    """A new file; one that cannot be, such as a second of its name, is the manifest's fault."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("xb")
    except OSError as error:
        if error.errno not in _NO_SUCH_NAME:
            raise
        raise CopyRefused(f"its manifest names a file {file.path!r}") from error


@contextmanager
def _answering() -> Iterator[None]:
    """Turns what a client of the store raises into `StoreAway`."""
    from pyarrow import ArrowException

    try:
        yield
    except (OSError, ArrowException) as error:
        raise StoreAway(_in_one_line(error)) from error


def _in_one_line(error: BaseException) -> str:
    said = " ".join(str(error).split()) or type(error).__name__
    return said if len(said) <= 300 else f"{said[:299]}…"

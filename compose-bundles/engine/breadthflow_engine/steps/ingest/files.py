"""From what a person names (files, folders, globs, archives) to the files that hold tables."""

from __future__ import annotations

import bz2
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from breadthflow_engine.protocol.errors import StepError

DELIMITED = (".csv", ".tsv", ".txt")
PARQUET = (".parquet", ".pq")
# Polars reads the first two as they are; the others are unpacked first.
STREAMED = (".gz", ".zst")
UNPACKED = (".bz2", ".zip")
# Bars of text are packed to about a fifth of their length, rarely to less.
PACKING = 5


@dataclass(frozen=True)
class SourceFile:
    """One file that holds a table.

    Attributes:
        name: how messages call it (an archive's member as `archive.zip/member.csv`).
        path: where its bytes are; for an unpacked archive, in the staging folder.
        stem: its name without endings: the symbol, when it has no symbol column.
        form: how it is read.
    """

    name: str
    path: Path
    stem: str
    form: Literal["delimited", "parquet"]

    @property
    def unpacked_bytes(self) -> int:
        """About how long its rows are, unpacked: exactly so for plain text."""
        packed = self.form == "parquet" or self.path.suffix.lower() in STREAMED
        return self.path.stat().st_size * (PACKING if packed else 1)


def find_files(sources: Sequence[Path], staging: Path) -> list[SourceFile]:
    """Expand sources to files, in the order given; inside a folder or glob, by name.

    Raises:
        StepError: `ingest.not_found`, `ingest.unreadable`, `ingest.no_files`,
            `ingest.damaged_archive`.
    """
    files: list[SourceFile] = []
    for source in sources:
        for path in _expand(source):
            files.extend(_open(path, staging / f"unpacked-{len(files)}"))
    if not files:
        raise StepError(
            "ingest.no_files",
            f"There is no table in {', '.join(str(source) for source in sources) or 'the source'}.",
            "Name a CSV or Parquet file, a folder that holds some, or a pattern such as "
            "prices/*.csv.",
            sources=[str(source) for source in sources],
        )
    return files


def _expand(source: Path) -> Iterator[Path]:
    try:
        if source.is_dir():
            yield from sorted(
                path for path in _walk(source) if _table_suffix(path) and path.is_file()
            )
            return
        if source.exists():
            # Opening is the only test of a right to read that holds on every system.
            with source.open("rb"):
                yield source
            return
        if any(mark in str(source) for mark in "*?["):
            anchor = Path(source.anchor) if source.anchor else Path()
            yield from sorted(
                path
                for path in anchor.glob(str(source.relative_to(source.anchor)))
                if path.is_file()
            )
            return
    except OSError as error:
        raise StepError(
            "ingest.unreadable",
            f"{error.filename or source} cannot be read: {error.strerror or error}.",
            "Give your user the right to read it, or name another place.",
            file=str(error.filename or source),
        ) from error
    raise StepError(
        "ingest.not_found",
        f"There is no file or folder {source}.",
        "Correct the path; patterns such as prices/*.csv are fine too.",
        file=str(source),
    )


def _walk(folder: Path) -> Iterator[Path]:
    # Path.rglob passes over folders that it may not read; a table left out is worth an error.
    for entry in folder.iterdir():
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _walk(entry)
        else:
            yield entry


def _table_suffix(path: Path) -> bool:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in (*STREAMED, *UNPACKED):
        return suffixes[-1] == ".zip" or (len(suffixes) > 1 and suffixes[-2] in DELIMITED)
    return bool(suffixes) and suffixes[-1] in (*DELIMITED, *PARQUET)


def _open(path: Path, staging: Path) -> Iterator[SourceFile]:
    ending = path.suffix.lower()
    stem = _stem(path)
    try:
        if ending == ".zip":
            yield from _unzip(path, staging)
        elif ending == ".bz2":
            staging.mkdir(parents=True)
            target = staging / path.with_suffix("").name
            with bz2.open(path) as packed, target.open("wb") as plain:
                shutil.copyfileobj(packed, plain, 1 << 20)
            yield SourceFile(path.name, target, stem, _form(target))
        else:
            yield SourceFile(path.name, path, stem, _form(path))
    except (zipfile.BadZipFile, EOFError, zlib.error, RuntimeError) as error:
        raise damaged_archive(path.name, error) from error
    except OSError as error:
        if ending == ".bz2" and error.errno is None:
            raise damaged_archive(path.name, error) from error
        raise


def _unzip(path: Path, staging: Path) -> Iterator[SourceFile]:
    with zipfile.ZipFile(path) as archive:
        for number, member in enumerate(archive.infolist()):
            if member.is_dir() or not _table_suffix(Path(member.filename)):
                continue
            # The member's own folders are dropped: a path inside an archive is not to be trusted.
            target = staging / str(number) / Path(member.filename).name
            target.parent.mkdir(parents=True)
            with archive.open(member) as packed, target.open("wb") as plain:
                shutil.copyfileobj(packed, plain, 1 << 20)
            name = f"{path.name}/{member.filename}"
            yield SourceFile(name, target, _stem(target), _form(target))


def _stem(path: Path) -> str:
    name = path.name
    while Path(name).suffix.lower() in (*DELIMITED, *PARQUET, *STREAMED, *UNPACKED):
        name = Path(name).stem
    return name


def _form(path: Path) -> Literal["delimited", "parquet"]:
    with path.open("rb") as file:
        return "parquet" if file.read(4) == b"PAR1" else "delimited"


def damaged_archive(name: str, error: Exception) -> StepError:
    return StepError(
        "ingest.damaged_archive",
        f"{name} cannot be unpacked: {error}.",
        "Download or copy it again; it is cut short, damaged or has a password.",
        file=name,
    )

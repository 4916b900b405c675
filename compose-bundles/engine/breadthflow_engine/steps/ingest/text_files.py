"""Looking into a text file: is it a table at all, what parts its columns, which line is broken."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import IO, cast

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.ingest.files import SourceFile

HEAD_BYTES = 1 << 20


def read_head(source: SourceFile) -> bytes:
    ending = source.path.suffix.lower()
    try:
        with opened(source.path, ending) as file:
            return file.read(HEAD_BYTES)
    except (EOFError, gzip.BadGzipFile, OSError) as error:
        if ending not in (".gz", ".zst"):
            raise
        raise StepError(
            "ingest.damaged_archive",
            f"{source.name} cannot be unpacked: {error}.",
            "Download or copy it again; it is cut short or damaged.",
            file=source.name,
        ) from error


def opened(path: Path, ending: str) -> IO[bytes]:
    if ending == ".gz":
        return cast(IO[bytes], gzip.open(path, "rb"))
    if ending == ".zst":
        import pyarrow as pa

        return cast(IO[bytes], pa.CompressedInputStream(pa.OSFile(str(path)), "zstd"))
    return path.open("rb")


def find_separator(source: SourceFile, head: bytes) -> str:
    try:
        # The last character may be cut in two by the end of the head.
        text = head.decode("utf-8-sig", errors="strict" if len(head) < HEAD_BYTES else "ignore")
    except UnicodeDecodeError as error:
        raise StepError(
            "ingest.not_csv",
            f"{source.name} is not UTF-8 text (byte {error.start}), so not a CSV file that can be "
            "read.",
            "If it is a table, save it as CSV in UTF-8, or as Parquet.",
            file=source.name,
        ) from error
    if "\0" in text:
        raise StepError(
            "ingest.not_csv",
            f"{source.name} is a binary file, neither CSV nor Parquet.",
            "Export the table as CSV (UTF-8) or Parquet, and name that file.",
            file=source.name,
        )
    line = text.lstrip("\r\n").split("\n", 1)[0]
    if len(line) >= HEAD_BYTES - 4:
        raise StepError(
            "ingest.line_too_long",
            f"The first line of {source.name} is longer than {HEAD_BYTES >> 20} MB.",
            "Check that it is a CSV file with one bar a line.",
            file=source.name,
            line=1,
        )
    best = max(",;\t|", key=line.count)
    if line.count(best) == 0:
        raise StepError(
            "ingest.not_csv",
            f"{source.name} has one column only ({line.strip()[:60]!r}), so it is not a table of "
            "bars.",
            "Name a CSV file with columns such as symbol, date, open, high, low, close, volume.",
            file=source.name,
            line=1,
        )
    return best


def broken_line(source: SourceFile, separator: str, error: Exception) -> StepError:
    """Find the line that the reader could not split; slow, and only run after a failure."""
    line, what = None, str(error).split("\n", 1)[0][:160]
    with opened(source.path, source.path.suffix.lower()) as file:
        rows = csv.reader((raw.decode("utf-8") for raw in file), delimiter=separator)
        try:
            width = len(next(rows))
            for row in rows:
                if len(row) > width:
                    line, what = rows.line_num, f"{len(row)} fields where the header has {width}"
                    break
        except csv.Error as fault:
            line, what = rows.line_num, str(fault)
        except UnicodeDecodeError:
            line, what = rows.line_num + 1, "bytes that are not UTF-8 text"
    return StepError(
        "ingest.broken_line",
        f"{'Line ' + str(line) + ' of ' if line else ''}{source.name} cannot be read as a row: "
        f"{what}.",
        "Correct or remove that line, and save the file as CSV in UTF-8.",
        file=source.name,
        **({"line": line} if line else {}),
    )

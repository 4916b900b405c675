"""Scanning CSV and its kin: separator, encoding, numbers and dates settled from the file itself."""

from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path
from typing import IO, cast

import polars as pl

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.ingest.columns import Recognition, recognise
from breadthflow_engine.steps.ingest.dates import DateRule, settle_dates
from breadthflow_engine.steps.ingest.files import SourceFile
from breadthflow_engine.steps.ingest.params import IngestParams
from breadthflow_engine.steps.ingest.scan import NUMBERS, BarsScan, bars_of, missing_key

HEAD_BYTES = 1 << 20
SAMPLE_ROWS = 1000
NULL_WORDS = ("", "-", ".", "na", "n/a", "#n/a", "nan", "null", "none", "nil")


def scan_delimited(source: SourceFile, params: IngestParams) -> BarsScan | pl.DataFrame | None:
    """Scan one delimited file.

    Returns:
        Bars; or the attribute table that it is; or None when it has no rows.

    Raises:
        StepError: `ingest.not_csv`, `ingest.line_too_long`, `ingest.no_header`, and what
            recognising columns and dates raises.
    """
    head = _head(source)
    if not head.strip():
        return None
    separator = _separator(source, head)
    text = pl.scan_csv(
        source.path, separator=separator, infer_schema=False, glob=False, raise_if_empty=False
    )
    header = text.collect_schema().names()
    if any(re.fullmatch(r"[-+]?\d+(\.\d+)?", name.strip()) for name in header):
        raise StepError(
            "ingest.no_header",
            f"{source.name} has no line of column names; its first line is data.",
            "Put a first line such as symbol,date,open,high,low,close,volume above it.",
            file=source.name,
            line=1,
        )
    found = recognise(source.name, header, params.columns)
    columns = found.columns
    if found.is_attributes:
        return text.select(pl.col(c).alias(r) for r, c in columns.items()).collect()
    sample = text.select(columns.values()).head(SAMPLE_ROWS).collect()
    dates = sample[columns["date"]].drop_nulls()
    if dates.is_empty():
        if sample.is_empty():
            return None
        raise missing_key(source.name, [columns["date"]], 2)
    rule = settle_dates(
        source.name,
        columns["date"],
        lambda: text.select(pl.col(columns["date"]).unique()).collect().to_series(),
        dates,
        params.timezone,
        params.date_format,
    )
    decimal_comma = separator != "," and bool(
        sample[columns["close"]].str.contains(r"^\s*\d+,\d+\s*$").any()
    )
    frame = _fast(source, separator, decimal_comma, found, rule)
    return BarsScan(
        file=source.name,
        recognition=found,
        frame=frame,
        careful=lambda: _careful(source, separator, decimal_comma, found, rule),
        zone=rule.zone,
        timestamps=_timestamps(source, text, found, rule) if rule.has_time else None,
        understood={
            "form": "delimited",
            "separator": separator,
            "decimal_comma": decimal_comma,
            "dates": rule.written,
            "time_zone": rule.zone,
        },
    )


def _head(source: SourceFile) -> bytes:
    ending = source.path.suffix.lower()
    try:
        with _opened(source.path, ending) as file:
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


def _opened(path: Path, ending: str) -> IO[bytes]:
    if ending == ".gz":
        return cast(IO[bytes], gzip.open(path, "rb"))
    if ending == ".zst":
        import pyarrow as pa

        return cast(IO[bytes], pa.CompressedInputStream(pa.OSFile(str(path)), "zstd"))
    return path.open("rb")


def _separator(source: SourceFile, head: bytes) -> str:
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


def _fast(
    source: SourceFile, separator: str, decimal_comma: bool, found: Recognition, rule: DateRule
) -> pl.LazyFrame:
    columns = found.columns
    types: dict[str, pl.DataType] = {
        columns[role]: pl.Float64() for role in NUMBERS if role in columns
    }
    types |= {columns[role]: pl.String() for role in ("symbol", "date") if role in columns}
    if rule.plain:
        types[columns["date"]] = pl.Date()
    raw = pl.scan_csv(
        source.path,
        separator=separator,
        infer_schema=False,
        schema_overrides=types,
        decimal_comma=decimal_comma,
        glob=False,
    )
    # A date that cannot be read becomes a missing key here, which settling refuses.
    date = pl.col(columns["date"]) if rule.plain else rule.to_date(pl.col(columns["date"]))
    return bars_of(
        raw.select(
            _symbol(source, found),
            date.alias("date"),
            *(pl.col(columns[role]).alias(role) for role in NUMBERS if role in columns),
        ),
        "symbol" in columns,
    )


def _symbol(source: SourceFile, found: Recognition) -> pl.Expr:
    column = found.columns.get("symbol")
    return (pl.col(column) if column else pl.lit(source.stem)).alias("symbol")


def _careful(
    source: SourceFile, separator: str, decimal_comma: bool, found: Recognition, rule: DateRule
) -> pl.LazyFrame:
    columns = found.columns
    raw = pl.scan_csv(
        source.path,
        separator=separator,
        infer_schema=False,
        glob=False,
        row_index_name="_row",
    )
    numbers = {role: _number(columns[role], decimal_comma) for role in NUMBERS if role in columns}
    parsed = raw.with_columns(
        rule.to_date(pl.col(columns["date"])).alias("_date"),
        *(number.alias(f"_{role}") for role, number in numbers.items()),
    )
    _refuse_bad(source, parsed, separator, [*numbers, "date"], found)
    return bars_of(
        parsed.select(
            _symbol(source, found),
            pl.col("_date").alias("date"),
            *(pl.col(f"_{role}").alias(role) for role in numbers),
        ),
        "symbol" in columns,
    )


def _text(column: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    return pl.when(text.str.to_lowercase().is_in(NULL_WORDS)).then(None).otherwise(text)


def _number(column: str, decimal_comma: bool) -> pl.Expr:
    text = _text(column).str.replace(r"^[$€£¥]", "")
    text = (
        text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        if decimal_comma
        # 1,234,567.8 but not 1,23: a comma is a thousands separator only before three digits.
        else pl.when(text.str.contains(r"^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$"))
        .then(text.str.replace_all(",", ""))
        .otherwise(text)
    )
    return text.cast(pl.Float64, strict=False)


def _refuse_bad(
    source: SourceFile,
    parsed: pl.LazyFrame,
    separator: str,
    roles: list[str],
    found: Recognition,
) -> None:
    columns = cast(dict[str, str], dict(found.columns))
    bad = {
        role: _text(columns[role]).is_not_null() & pl.col(f"_{role}").is_null() for role in roles
    }
    keys = [columns[role] for role in ("symbol", "date") if role in columns]
    # No word is taken for a missing symbol: NA and NAN are tickers.
    no_key = pl.any_horizontal(
        pl.col(key).is_null() | (pl.col(key).str.strip_chars() == "") for key in keys
    ) & ~pl.all_horizontal(pl.col(column).is_null() for column in columns.values())
    try:
        first = parsed.filter(pl.any_horizontal(no_key, *bad.values())).head(1).collect()
    except pl.exceptions.PolarsError as error:
        raise _broken_line(source, separator, error) from error
    if first.is_empty():
        return
    line = int(first["_row"][0]) + 2
    for role in roles:
        if not first.filter(bad[role]).is_empty():
            value = str(first[columns[role]][0])[:80]
            raise StepError(
                "ingest.not_a_date" if role == "date" else "ingest.not_a_number",
                f"Line {line} of {source.name} has {value!r} in {columns[role]}, which is not a "
                f"{'date' if role == 'date' else 'number'}.",
                "Correct or remove that line; leave a value that is not known empty.",
                file=source.name,
                line=line,
                column=columns[role],
                value=value,
            )
    raise missing_key(source.name, keys, line)


def _broken_line(source: SourceFile, separator: str, error: Exception) -> StepError:
    """Find the line that the reader could not split; slow, and only run after a failure."""
    line, what = None, str(error).split("\n", 1)[0][:160]
    with _opened(source.path, source.path.suffix.lower()) as file:
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


def _timestamps(
    source: SourceFile, text: pl.LazyFrame, found: Recognition, rule: DateRule
) -> pl.LazyFrame:
    return text.select(
        _symbol(source, found),
        rule.to_date(pl.col(found.columns["date"])).alias("date"),
        pl.col(found.columns["date"]).alias("instant"),
    )

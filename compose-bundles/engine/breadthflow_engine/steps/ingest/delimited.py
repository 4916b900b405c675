"""Scanning CSV and its kin: separator, encoding, numbers and dates settled from the file itself."""

from __future__ import annotations

import re
from typing import cast

import polars as pl

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.ingest.columns import Recognition, recognise
from breadthflow_engine.steps.ingest.dates import DateRule, settle_dates
from breadthflow_engine.steps.ingest.files import SourceFile
from breadthflow_engine.steps.ingest.params import IngestParams
from breadthflow_engine.steps.ingest.scan import NUMBERS, BarsScan, bars_of, missing_key
from breadthflow_engine.steps.ingest.text_files import broken_line, find_separator, read_head

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
    head = read_head(source)
    if not head.strip():
        return None
    separator = find_separator(source, head)
    try:
        return _scan(source, separator, params)
    except pl.exceptions.PolarsError as error:
        raise broken_line(source, separator, error) from error


def _scan(
    source: SourceFile, separator: str, params: IngestParams
) -> BarsScan | pl.DataFrame | None:
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
        size=source.unpacked_bytes,
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
        raise broken_line(source, separator, error) from error
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


def _timestamps(
    source: SourceFile, text: pl.LazyFrame, found: Recognition, rule: DateRule
) -> pl.LazyFrame:
    return text.select(
        _symbol(source, found),
        rule.to_date(pl.col(found.columns["date"])).alias("date"),
        pl.col(found.columns["date"]).alias("instant"),
    )

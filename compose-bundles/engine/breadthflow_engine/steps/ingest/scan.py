"""What every form of source is turned into: a lazy scan of bars under the roles' names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.ingest.columns import Recognition

# Volume is stored as a float, too: sources write it both ways, and a table has one type for good.
BAR_SCHEMA = pl.Schema(
    {
        "symbol": pl.String(),
        "date": pl.Date(),
        "open": pl.Float64(),
        "high": pl.Float64(),
        "low": pl.Float64(),
        "close": pl.Float64(),
        "volume": pl.Float64(),
        "adj_close": pl.Float64(),
    }
)
NUMBERS = ("open", "high", "low", "close", "volume", "adj_close")


@dataclass(frozen=True)
class BarsScan:
    """One source of bars.

    Attributes:
        file: its name in messages.
        size: bytes that its rows take, about; what is packed counts as unpacked.
        frame: its bars, lazily, as `BAR_SCHEMA` (adj_close only where the source has it). Fast,
            and strict: collecting it fails on a value that is not what its column should be.
        careful: the same, read as text first: understands more ways to write a number, and raises
            a `StepError` that names file, line and value of the first one that it cannot.
        zone: what its timestamps are in: None for plain dates, `naive`, or a zone.
        timestamps: (symbol, date, instant) rows where a time of day is written, to tell bars of
            one day from bars within a day.
    """

    file: str
    size: int
    recognition: Recognition
    frame: pl.LazyFrame
    careful: Callable[[], pl.LazyFrame]
    zone: str | None = None
    timestamps: pl.LazyFrame | None = None
    understood: dict[str, Any] = field(default_factory=dict)


def bars_of(frame: pl.LazyFrame, has_symbol: bool) -> pl.LazyFrame:
    """Columns in order; blank lines left out; NaN as a missing value; symbols without spaces."""
    names = frame.collect_schema().names()
    key = "symbol" if has_symbol else "date"
    return (
        frame.filter(pl.col(key).is_not_null() | pl.col("close").is_not_null())
        .with_columns(
            pl.col("symbol").str.strip_chars(),
            pl.col(*(name for name in NUMBERS if name in names)).fill_nan(None),
        )
        .select(name for name in BAR_SCHEMA if name in names)
    )


def missing_key(file: str, columns: list[str], line: int) -> StepError:
    return StepError(
        "ingest.missing_key",
        f"Line {line} of {file} lacks a value in {' or '.join(columns)}: a bar without a symbol "
        "or date has no place.",
        "Complete or remove that line, or say which columns are meant with `columns`.",
        file=file,
        line=line,
        column=columns[0],
    )

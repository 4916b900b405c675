"""The only way that steps read bars and attributes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from breadthflow_engine.bars.overlay import lay_over
from breadthflow_engine.bars.table import scan_version
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Artifact


def load_bars(
    bars: Artifact,
    check: Artifact | None,
    *,
    start: date | str | None = None,
    end: date | str | None = None,
    symbols: Sequence[str] | None = None,
) -> pl.LazyFrame:
    """The bars of an ingest artifact with the check's actions laid over them.

    Args:
        bars: what ingest left; its summary names the Delta table and the version to read.
        check: what check left, or None for the bars as they were imported.
        start: first date, inclusive.
        end: last date, inclusive.
        symbols: only these; a symbol that the data set lacks is an error.

    Returns:
        A lazy frame of symbol, date, open, high, low, close, volume and any further columns,
        sorted by (symbol, date). Quarantined rows are absent; missing values stay null.

    Raises:
        StepError: `bars.table_missing`, `bars.version_missing`, `bars.unknown_symbols`.
    """
    version = scan_version(bars.summary["table"], bars.summary["delta_version"])
    frame = version.in_order()
    if symbols is not None:
        _refuse_unknown(symbols, version.frame, bars.summary["name"])
        frame = frame.filter(pl.col("symbol").is_in(list(symbols)))
    if start is not None:
        frame = frame.filter(pl.col("date") >= _as_date(start))
    if end is not None:
        frame = frame.filter(pl.col("date") <= _as_date(end))
    if check is None:
        return frame
    return lay_over(frame, pl.read_parquet(check.file("actions.parquet")))


def load_attributes(bars: Artifact) -> pl.DataFrame | None:
    """The attribute table (symbol, sector, ...) that came with the bars, or None."""
    if not bars.summary.get("has_attributes"):
        return None
    return pl.read_parquet(bars.file("attributes.parquet"))


def _as_date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _refuse_unknown(symbols: Sequence[str], frame: pl.LazyFrame, name: str) -> None:
    known = set(frame.select(pl.col("symbol").unique()).collect()["symbol"])
    unknown = sorted(set(symbols) - known)
    if unknown:
        shown = ", ".join(unknown[:10]) + ("…" if len(unknown) > 10 else "")
        raise StepError(
            "bars.unknown_symbols",
            f"Data set {name} has no bars of {shown}.",
            "Correct `symbols` in the idea's universe, or import bars of these symbols.",
            field="universe.symbols",
            symbols=unknown[:100],
        )

"""The bars of one symbol, and what symbols there are."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from breadthflow_engine.bars.table import scan_version
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.uris import to_path
from breadthflow_engine.viewing.messages import BarsPlace, Flag, Prices, PricesRequest, SymbolSpan

_VALUES = ("open", "high", "low", "close", "volume")


def symbols(place: BarsPlace) -> list[SymbolSpan]:
    """All symbols of a version, by name.

    Raises:
        StepError: `bars.table_missing` or `bars.version_missing`.
    """
    spans = (
        scan_version(place.table, place.version)
        .frame.group_by("symbol")
        .agg(
            pl.len().alias("rows"),
            pl.col("date").min().dt.to_string().alias("first"),
            pl.col("date").max().dt.to_string().alias("last"),
        )
    )
    found = read_findings(place.check)
    counts = found.group_by("symbol").agg(pl.len().alias("findings"))
    table = (
        spans.join(counts.lazy(), on="symbol", how="left")
        .with_columns(pl.col("findings").fill_null(0))
        .sort("symbol")
        .collect(engine="streaming")
    )
    return [SymbolSpan(**row) for row in table.iter_rows(named=True)]


def prices(request: PricesRequest) -> Prices:
    """The bars of one symbol as they were imported, and the findings on them.

    Raises:
        StepError: `bars.unknown_symbols`, `bars.table_missing` or `bars.version_missing`.
    """
    version = scan_version(request.table, request.version)
    bars = (
        version.frame.filter(pl.col("symbol") == request.symbol)
        .select(pl.col("date").dt.to_string(), *_VALUES)
        .sort("date")
        .collect()
    )
    if bars.is_empty():
        raise StepError(
            "bars.unknown_symbols",
            f"This version has no bars of {request.symbol}.",
            "Choose another symbol, or a version that has it.",
            symbols=[request.symbol],
        )
    flags = (
        read_findings(request.check)
        .filter(pl.col("symbol") == request.symbol, pl.col("date_from").is_not_null())
        .select(
            "rule",
            "severity",
            "action",
            pl.col("date_from").dt.to_string(),
            pl.col("date_to").fill_null(pl.col("date_from")).dt.to_string(),
            "detail",
        )
        .sort("date_from")
    )
    return Prices(
        symbol=request.symbol,
        **bars.to_dict(as_series=False),
        flags=[Flag(**row) for row in flags.iter_rows(named=True)],
    )


def read_findings(check: str | None) -> pl.DataFrame:
    """The findings of a check; none where there was no check."""
    if check is None:
        return pl.DataFrame(
            schema={
                "rule": pl.String,
                "severity": pl.String,
                "symbol": pl.String,
                "date_from": pl.Date,
                "date_to": pl.Date,
                "action": pl.String,
                "rows": pl.Int64,
                "detail": pl.String,
            }
        )
    file: Path = to_path(check) / "findings.parquet"
    if not file.exists():
        raise StepError(
            "artifact.file_missing",
            f"The check at {file.parent} has no findings.",
            "Check the data set again.",
            artifact=str(file.parent),
        )
    return pl.read_parquet(file)

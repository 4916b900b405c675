"""Returns by month and by year."""

from __future__ import annotations

from typing import Any

import polars as pl


def calendar_of_returns(bars: pl.DataFrame) -> dict[str, Any]:
    """Net returns compounded by calendar month.

    Returns:
        `year` (Y,), `months` (Y, 12) with None where the book was not running, `total` (Y,) of
        those months, and `benchmark_total` (Y,).
    """
    held = bars.slice(1)
    own = _compounded(held, "net_return", "1mo")
    months = {(day.year, day.month): value for day, value in own}
    years = sorted({year for year, _ in months})
    return {
        "year": years,
        "months": [[months.get((year, month)) for month in range(1, 13)] for year in years],
        "total": [value for _, value in _compounded(held, "net_return", "1y")],
        "benchmark_total": [value for _, value in _compounded(held, "benchmark_return", "1y")],
    }


def _compounded(held: pl.DataFrame, column: str, unit: str) -> list[tuple[Any, float]]:
    grown = held.group_by(pl.col("date").cast(pl.Date).dt.truncate(unit).alias("from")).agg(
        ((1.0 + pl.col(column)).product() - 1.0).alias("grown")
    )
    return grown.sort("from").rows()

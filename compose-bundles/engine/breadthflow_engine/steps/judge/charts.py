"""The evidence as short series for charts, in JSON, so that a reader needs no table library."""

from __future__ import annotations

from typing import Any

import polars as pl

from breadthflow_engine.protocol.step import Artifact

MAX_POINTS = 600


def chart_series(backtest: Artifact) -> dict[str, Any]:
    """The equity curve at 600 points at most.

    Returns:
        `equity`: `date`, `equity`, `benchmark_equity`, `drawdown` (fractions, 0 at a peak).
    """
    return {"equity": _equity(backtest)}


def _equity(backtest: Artifact) -> dict[str, Any]:
    columns = ["date", "equity", "benchmark_equity", "drawdown"]
    bars = pl.read_parquet(backtest.file("equity.parquet"), columns=columns)
    every = max(1, -(-bars.height // MAX_POINTS))
    # Counted from the end, so that the last bar, which the metrics speak of, is always there.
    thin = bars.reverse().gather_every(every).reverse()
    return {
        "date": [str(date)[:10] for date in thin["date"]],
        **{name: thin[name].round(5).to_list() for name in columns[1:]},
    }

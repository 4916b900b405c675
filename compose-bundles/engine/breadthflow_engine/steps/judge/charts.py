"""The evidence as short series for charts, in JSON, so that a reader needs no table library."""

from __future__ import annotations

from typing import Any

import polars as pl

from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.steps.judge.evidence import BASELINE

MAX_POINTS = 600


def chart_series(train: Artifact, backtest: Artifact) -> dict[str, Any]:
    """Mean rank IC by calendar month, and the equity curve at 600 points at most.

    Returns:
        `ic_by_month`: `month` (first day), `model`, `baselines` {name: values}; `equity`: `date`,
        `equity`, `benchmark_equity`, `drawdown` (fractions, 0 at a peak). A month without ranks
        has null.
    """
    return {"ic_by_month": _ic_by_month(train), "equity": _equity(backtest)}


def _ic_by_month(train: Artifact) -> dict[str, Any]:
    daily = pl.read_parquet(train.file("ic.parquet"))
    names = [name for name in daily.columns if name.startswith(BASELINE)]
    months = (
        daily.group_by(pl.col("date").dt.truncate("1mo").cast(pl.Date).alias("month"))
        .agg(pl.col("model", *names).cast(pl.Float64).fill_nan(None).mean().round(5))
        .sort("month")
    )
    return {
        "month": [str(month) for month in months["month"]],
        "model": months["model"].to_list(),
        "baselines": {name.removeprefix(BASELINE): months[name].to_list() for name in names},
    }


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

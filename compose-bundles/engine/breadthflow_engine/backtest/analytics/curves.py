"""Series by bar, thinned for charts: equity and what became of it, exposure, rolling Sharpe."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from breadthflow_engine.backtest.absent import Absent
from breadthflow_engine.backtest.market import Matrix
from breadthflow_engine.backtest.settings import BARS_PER_YEAR

MAX_POINTS = 600
ROLLING_BARS = 126
TURNOVER_BARS = 21


def thinned(bars: pl.DataFrame) -> pl.DataFrame:
    """At most 600 rows, evenly, counted from the end: the last one is always there."""
    every = max(1, -(-bars.height // MAX_POINTS))
    return bars.reverse().gather_every(every).reverse()


def equity_curve(bars: pl.DataFrame) -> dict[str, Any]:
    """Growth of 1: net, before costs, and of the benchmark; drawdown; and what each cost has
    taken so far, as a sum of daily shares of equity."""
    told = bars.select(
        "date",
        "equity",
        (1.0 + pl.col("gross_return")).cum_prod().alias("gross_equity"),
        "benchmark_equity",
        "drawdown",
        *(
            pl.col(name).cum_sum().alias(name)
            for name in ("commission", "spread_cost", "impact_cost", "borrow_cost")
        ),
    )
    return _columns(thinned(told))


def exposure_curve(bars: pl.DataFrame) -> dict[str, Any]:
    """Long, short (negative) and net notional over equity at each close, and turnover a year
    (mean of the last 21 bars)."""
    told = bars.select(
        "date",
        long=pl.col("long_exposure"),
        short=-pl.col("short_exposure"),
        net=pl.col("long_exposure") - pl.col("short_exposure"),
        turnover=pl.col("turnover").rolling_mean(TURNOVER_BARS) * BARS_PER_YEAR,
    )
    return _columns(thinned(told))


def rolling_sharpe(bars: pl.DataFrame) -> dict[str, Any]:
    """Sharpe ratio a year of the last 126 bars, net and of the benchmark."""
    held = bars.slice(1)
    if held.height < ROLLING_BARS + 1:
        raise Absent(f"a window has {ROLLING_BARS} bars, and there are {held.height}")
    told = pl.DataFrame(
        {
            "date": held["date"][ROLLING_BARS - 1 :],
            "net": _rolling(held["net_return"].to_numpy()),
            "benchmark": _rolling(held["benchmark_return"].to_numpy()),
        }
    )
    return {"bars": ROLLING_BARS, **_columns(thinned(told))}


def _rolling(values: Matrix) -> Matrix:
    windows = np.lib.stride_tricks.sliding_window_view(values, ROLLING_BARS)
    deviation = windows.std(axis=1, ddof=1)
    moves = deviation > 1e-14
    return np.where(
        moves, windows.mean(axis=1) / np.where(moves, deviation, 1) * BARS_PER_YEAR**0.5, np.nan
    )


def _columns(table: pl.DataFrame) -> dict[str, Any]:
    return {
        name: [str(day)[:10] for day in table[name]] if name == "date" else table[name].to_numpy()
        for name in table.columns
    }

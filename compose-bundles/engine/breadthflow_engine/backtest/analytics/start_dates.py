"""How much the day on which one begins decides."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from breadthflow_engine.backtest.absent import Absent
from breadthflow_engine.backtest.analytics.capacity import sharpe_of
from breadthflow_engine.backtest.analytics.curves import thinned
from breadthflow_engine.backtest.settings import BARS_PER_YEAR
from breadthflow_engine.backtest.study import Study, in_threads


def year_from_each_start(bars: pl.DataFrame) -> dict[str, Any]:
    """Net return of the year (252 bars) that begins on each day.

    Returns:
        `date`, `net_return` (thinned); `worst` and `best` {date, net_return}; `losing`: share of
        all starts after which a year lost money.
    """
    held = bars.slice(1)
    if held.height < BARS_PER_YEAR:
        raise Absent(f"a year has {BARS_PER_YEAR} bars, and there are {held.height}")
    grown = np.concatenate([[1.0], np.cumprod(1.0 + held["net_return"].to_numpy())])
    if grown.min() <= 0:
        raise Absent("the book was ruined")
    years = grown[BARS_PER_YEAR:] / grown[:-BARS_PER_YEAR] - 1.0
    starts = pl.DataFrame({"date": held["date"][: len(years)], "net_return": years})
    told = thinned(starts)

    def of(place: Any) -> dict[str, Any]:
        date, value = starts.row(int(place))
        return {"date": str(date)[:10], "net_return": value}

    return {
        "bars": BARS_PER_YEAR,
        "date": [str(day)[:10] for day in told["date"]],
        "net_return": told["net_return"].to_list(),
        "worst": of(years.argmin()),
        "best": of(years.argmax()),
        "losing": float((years < 0).mean()),
    }


def first_signal_shifted(study: Study, threads: int) -> dict[str, Any]:
    """The same book with its first signal some bars later, for every offset within a period:
    which days one rebalances on is luck, and this is how much.

    Returns:
        `offset` (K,), `sharpe_net` (K,).
    """
    trading = study.trading
    if trading.calendar != "bar" or trading.rebalance == 1:
        raise Absent("the calendar leaves no choice of days to rebalance on")

    def shifted(offset: int) -> float | None:
        days = study.signal_days(trading, offset)
        return sharpe_of(study.trade(trading, days, study.weights(trading, days)))

    offsets = list(range(min(trading.rebalance, 21)))
    return {"offset": offsets, "sharpe_net": in_threads(shifted, offsets, threads)}

"""All analytics of a book, as one JSON document."""

from __future__ import annotations

from typing import Any

import polars as pl

from breadthflow_engine.backtest.absent import Reasons, plain
from breadthflow_engine.backtest.analytics.attribution import attribution
from breadthflow_engine.backtest.analytics.capacity import capacity_curve
from breadthflow_engine.backtest.analytics.curves import (
    equity_curve,
    exposure_curve,
    rolling_sharpe,
)
from breadthflow_engine.backtest.analytics.factors import factor_exposure
from breadthflow_engine.backtest.analytics.periods import calendar_of_returns
from breadthflow_engine.backtest.analytics.sensitivity import (
    cost_and_delay,
    rebalance_and_breadth,
)
from breadthflow_engine.backtest.analytics.start_dates import (
    first_signal_shifted,
    year_from_each_start,
)
from breadthflow_engine.backtest.market import Days, Matrix
from breadthflow_engine.backtest.portfolio import Accounts
from breadthflow_engine.backtest.settings import BARS_PER_YEAR
from breadthflow_engine.backtest.study import Study


def analytics(
    study: Study,
    sectors: list[str],
    days: Days,
    weights: Matrix,
    accounts: Accounts,
    bars: pl.DataFrame,
    threads: int,
) -> dict[str, Any]:
    """Answer every question.

    Args:
        days, weights: the book's signals, bars of `study.market`.
        accounts: of that book, in detail.
        bars: its bars with `benchmark_return` and `benchmark_equity`.

    Returns:
        `equity`, `calendar`, `rolling_sharpe`, `exposure`, `attribution`, `factors`, `capacity`,
        `cost_and_delay`, `rebalance_and_breadth`, `start_dates`, `offsets`: what the function of
        each returns, or None with why under `reasons`.
    """
    reasons = Reasons()
    borrow = study.trading.borrow_bps_per_year / 1e4 / BARS_PER_YEAR
    frictions = study.frictions(study.trading, days)
    shared = (study, days, weights, frictions, threads)
    ask = reasons.ask
    document = {
        "equity": equity_curve(bars),
        "calendar": calendar_of_returns(bars),
        "rolling_sharpe": ask("rolling_sharpe", rolling_sharpe, bars),
        "exposure": exposure_curve(bars),
        "attribution": attribution(study.window, accounts, borrow, study.sector, sectors),
        "factors": ask(
            "factors",
            factor_exposure,
            study.market,
            study.first + 1,
            bars["net_return"].to_numpy()[1:],
        ),
        "capacity": ask("capacity", capacity_curve, *shared),
        "cost_and_delay": ask("cost_and_delay", cost_and_delay, *shared),
        "rebalance_and_breadth": ask(
            "rebalance_and_breadth", rebalance_and_breadth, study, threads
        ),
        "start_dates": ask("start_dates", year_from_each_start, bars),
        "offsets": ask("offsets", first_signal_shifted, study, threads),
    }
    return plain({**document, "reasons": reasons.of})

"""Numbers that describe a series of returns; what cannot be known is None, never 0 or NaN."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from breadthflow_engine.backtest.settings import BARS_PER_YEAR
from breadthflow_engine.statistics import moments, sharpe_ratio


def performance(bars: pl.DataFrame) -> dict[str, Any]:
    """Describe a book's bars (see `Book.bars`); the first row, before anything is held, is left
    out.

    Returns:
        sharpe_net, sharpe_gross: annualised by sqrt(252), no cash interest deducted;
        annual_return: geometric, a fraction; annual_volatility; max_drawdown: negative fraction;
        calmar: annual_return / |max_drawdown|; hit_rate: share of the days with a position whose
        net return was above zero; turnover: bought plus sold notional a year over equity;
        exposure: mean long plus short notional over equity; net_exposure; annual_cost: trading
        cost and borrow a year over equity; total_return; days.
    """
    held = bars.slice(1)
    days = held.height
    net = held["net_return"].to_numpy()
    measured = moments(net)
    final = float(bars["equity"][-1])
    annual_return = final ** (BARS_PER_YEAR / days) - 1 if days and final > 0 else None
    if days and final <= 0:
        annual_return = -1.0
    worst = float(bars["drawdown"].to_numpy().min()) if days else None
    invested = (held["long_exposure"] + held["short_exposure"] + held["turnover"]).to_numpy() > 0
    return {
        "sharpe_net": sharpe_ratio(net, BARS_PER_YEAR),
        "sharpe_gross": sharpe_ratio(held["gross_return"].to_numpy(), BARS_PER_YEAR),
        "annual_return": annual_return,
        "annual_volatility": measured.deviation * BARS_PER_YEAR**0.5 if days > 1 else None,
        "max_drawdown": worst,
        "calmar": annual_return / -worst if annual_return is not None and worst else None,
        "hit_rate": float(np.mean(net[invested] > 0)) if invested.any() else None,
        "turnover": _yearly(held["turnover"]),
        "exposure": _mean(held["long_exposure"] + held["short_exposure"]),
        "net_exposure": _mean(held["long_exposure"] - held["short_exposure"]),
        "annual_cost": _yearly(held["cost"]),
        "total_return": final - 1,
        "days": days,
    }


def _mean(series: pl.Series) -> float | None:
    return float(series.to_numpy().mean()) if len(series) else None


def _yearly(series: pl.Series) -> float | None:
    mean = _mean(series)
    return None if mean is None else mean * BARS_PER_YEAR

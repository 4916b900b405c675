"""Numbers that describe a series of returns; what cannot be known is None with a reason."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from breadthflow_engine.backtest.settings import BARS_PER_YEAR
from breadthflow_engine.statistics import moments

FEWEST_BARS = 21
"""A month. A yearly number from fewer bars is a guess that looks like a measurement."""

_MEASURED = (
    "sharpe_net",
    "sharpe_gross",
    "annual_return",
    "annual_volatility",
    "max_drawdown",
    "calmar",
    "hit_rate",
)


def performance(bars: pl.DataFrame, no_trades: str = "nothing was traded") -> dict[str, Any]:
    """Describe a book's bars (see `Book.bars`); the first row, before anything is held, is left
    out, and so is what follows ruin.

    Args:
        no_trades: the reason to give for a book that never traded.

    Returns:
        sharpe_net, sharpe_gross: annualised by sqrt(252), no cash interest deducted;
        annual_return: geometric, a fraction; annual_volatility; max_drawdown: negative fraction;
        calmar: annual_return / |max_drawdown|; hit_rate: share of the days with a position whose
        net return was above zero; turnover: bought plus sold notional a year over equity;
        exposure: mean long plus short notional over equity; net_exposure; annual_cost: trading
        cost and borrow a year over equity; total_return; days; ruined: whether equity fell to
        nothing; reasons: for each number that is None, why.
    """
    held = bars.slice(1)
    ruined = bool(held.height and float(bars["equity"][-1]) <= 0)
    if ruined:
        held = held.head(int((held["equity"] > 0).sum()) + 1)
    numbers = {
        "days": held.height,
        "ruined": ruined,
        "total_return": float(bars["equity"][-1]) - 1 if bars.height else None,
        "turnover": _yearly(held["turnover"]),
        "exposure": _mean(held["long_exposure"] + held["short_exposure"]),
        "net_exposure": _mean(held["long_exposure"] - held["short_exposure"]),
        "annual_cost": _yearly(held["cost"]),
        **_measured(held, float(bars["equity"][-1]) if bars.height else 1.0),
    }
    reasons = _reasons(held, no_trades)
    for name in numbers:
        if name in reasons:
            numbers[name] = None
        elif numbers[name] is None:
            reasons[name] = _left(name, held.height)
    return {**numbers, "reasons": {name: reasons[name] for name in numbers if name in reasons}}


def _measured(held: pl.DataFrame, final: float) -> dict[str, float | None]:
    net = held["net_return"].to_numpy()
    days = held.height
    measured = moments(net)
    gross = moments(held["gross_return"].to_numpy())
    annual = (final ** (BARS_PER_YEAR / days) - 1 if final > 0 else -1.0) if days else None
    worst = float(held["drawdown"].to_numpy().min()) if days else None
    invested = (held["long_exposure"] + held["short_exposure"] + held["turnover"]).to_numpy() > 0
    root = BARS_PER_YEAR**0.5
    return {
        "sharpe_net": None if measured.sharpe is None else measured.sharpe * root,
        "sharpe_gross": None if gross.sharpe is None else gross.sharpe * root,
        "annual_return": annual,
        "annual_volatility": measured.deviation * root if days > 1 else None,
        "max_drawdown": worst,
        "calmar": annual / -worst if annual is not None and worst else None,
        "hit_rate": float(np.mean(net[invested] > 0)) if invested.any() else None,
    }


def _reasons(held: pl.DataFrame, no_trades: str) -> dict[str, str]:
    """Why the measured numbers as a whole do not exist, if so."""
    days = held.height
    if not days:
        return dict.fromkeys(_MEASURED, "no bar follows the first signal")
    odd = int((~np.isfinite(held["net_return"].to_numpy())).sum())
    if odd:
        return dict.fromkeys(
            (*_MEASURED, "total_return"), f"{odd} of {days} returns are not finite"
        )
    if not float(held["turnover"].sum()) > 0:
        return dict.fromkeys(_MEASURED, no_trades)
    if days < FEWEST_BARS:
        few = f"{days} bars are too few, {FEWEST_BARS} are the least"
        return dict.fromkeys(
            (*(name for name in _MEASURED if name != "max_drawdown"), "turnover", "annual_cost"),
            few,
        )
    return {}


def _left(name: str, days: int) -> str:
    if name.startswith("sharpe"):
        return "the returns do not vary"
    if name == "calmar":
        return "equity never fell below its peak"
    return "nothing was held" if days else "no bar follows the first signal"


def _mean(series: pl.Series) -> float | None:
    return float(series.to_numpy().mean()) if len(series) else None


def _yearly(series: pl.Series) -> float | None:
    mean = _mean(series)
    return None if mean is None else mean * BARS_PER_YEAR

"""How much capital the idea bears before its own trades eat what it earns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from breadthflow_engine.backtest import accounting
from breadthflow_engine.backtest.absent import Absent
from breadthflow_engine.backtest.frictions import Frictions, money_volume, square_root_impact
from breadthflow_engine.backtest.market import Days, Matrix
from breadthflow_engine.backtest.portfolio import Accounts
from breadthflow_engine.backtest.settings import BARS_PER_YEAR
from breadthflow_engine.backtest.study import Study, in_threads
from breadthflow_engine.statistics import sharpe_ratio

CAPITALS = tuple(float(f"{digit}e{power}") for power in range(5, 11) for digit in (1, 3))
# Of the square-root law, where the idea itself names none: of order one in every study of it.
USUAL_IMPACT = 1.0


def capacity_curve(
    study: Study, days: Days, weights: Matrix, frictions: Frictions, threads: int
) -> dict[str, Any]:
    """The same trades with ever more capital, under square-root impact.

    Returns:
        `capital` (C,), `sharpe_net`, `annual_return`, `participation`: traded notional over the
        month's mean volume, exceeded by one trade in twenty; `impact`: the Y used; `capacity`: the
        capital at which the net Sharpe ratio is half of the smallest book's, None with
        `capacity_reason` where it has none; `own_capital`: the idea's.
    """
    volume = money_volume(study.market, days)
    if not np.isfinite(volume).any():
        raise Absent("the data has no volume, so what a trade moves is not known")
    y = study.trading.impact or USUAL_IMPACT
    known = replace(frictions, impact=square_root_impact(study.market, days, volume, y))

    def at(capital: float) -> Accounts:
        trading = study.trading.model_copy(update={"capital": capital})
        return study.trade(trading, days, weights, frictions=known)

    books = in_threads(at, CAPITALS, threads)
    sharpe = [sharpe_of(book) for book in books]
    if sharpe[0] is None:
        raise Absent("nothing was traded, or the returns do not vary")
    capacity, why = _half_way(sharpe)
    return {
        "capital": list(CAPITALS),
        "sharpe_net": sharpe,
        "annual_return": [annual_return_of(book) for book in books],
        "participation": [_participation(book, volume) for book in books],
        "impact": y,
        "capacity": capacity,
        "capacity_reason": why,
        "own_capital": study.trading.capital,
    }


def sharpe_of(book: Accounts) -> float | None:
    return sharpe_ratio(book.bars[1:, accounting.NET], BARS_PER_YEAR)


def annual_return_of(book: Accounts) -> float | None:
    bars, final = len(book.bars) - 1, book.bars[-1, accounting.EQUITY]
    return float(final ** (BARS_PER_YEAR / bars) - 1) if bars > 0 and final > 0 else None


def _half_way(sharpe: list[float | None]) -> tuple[float | None, str | None]:
    """Capital at half of the first Sharpe ratio, on a line between two points in log capital."""
    small = sharpe[0]
    if small is None or small <= 0:
        return None, "a small book earns nothing after costs, so there is nothing to keep"
    for at in range(1, len(sharpe)):
        before, now = sharpe[at - 1], sharpe[at]
        if before is None:
            break
        if now is None or now <= small / 2:
            share = 1.0 if now is None else (before - small / 2) / (before - now)
            low, high = np.log(CAPITALS[at - 1]), np.log(CAPITALS[at])
            return float(np.exp(low + share * (high - low))), None
    return None, f"beyond {CAPITALS[-1]:,.0f}, the largest capital tried"


def _participation(book: Accounts, volume: Matrix) -> float | None:
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.abs(book.traded) / volume[: len(book.traded)]
    share = share[(book.traded != 0) & np.isfinite(share)]
    return float(np.quantile(share, 0.95)) if len(share) else None

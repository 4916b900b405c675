"""Limits on target weights. All keep a row's signs and never make a weight larger than allowed."""

from __future__ import annotations

import numpy as np

from breadthflow_engine.backtest.market import Days, Matrix
from breadthflow_engine.backtest.settings import BARS_PER_YEAR
from breadthflow_engine.backtest.trailing import VOLATILITY_BARS

_ROUNDS = 100


def within_position_limit(weights: Matrix, largest: float) -> Matrix:
    """Cut weights (R, S) at `largest`, and give what is cut to the others of the same side.

    Where all of a side are at the limit, the rest stays in cash.
    """
    found = np.clip(weights, -largest, largest)
    for side in (1.0, -1.0):
        wanted = np.clip(side * weights, 0.0, None).sum(axis=1)
        own = np.clip(side * found, 0.0, None)
        for _ in range(_ROUNDS):
            missing = wanted - own.sum(axis=1)
            free = np.where((own > 0) & (own < largest), own, 0.0)
            room = free.sum(axis=1)
            if not ((missing > 1e-12) & (room > 0)).any():
                break
            growth = np.where(room > 0, 1.0 + missing / np.where(room > 0, room, 1.0), 1.0)
            own = np.where(free > 0, np.minimum(own * growth[:, None], largest), own)
        found = np.where(side * found > 0, side * own, found)
    return found


def at_target_volatility(
    weights: Matrix, daily: Matrix, days: Days, target: float, max_leverage: float
) -> Matrix:
    """Scale each row so that it would have had the volatility `target` a year until now.

    Measured on what the row's weights, held constant, would have earned over the last 63 bars of
    `daily` returns (D, S), which needs no covariance matrix. A row whose past is not known (fewer
    than half of the bars) or does not move is left at its own size.

    Args:
        max_leverage: largest factor.
    """
    found = weights.copy()
    for row, day in enumerate(days):
        window = daily[max(0, day + 1 - VOLATILITY_BARS) : day + 1]
        held = weights[row] != 0.0
        past = window[:, held]
        earned = np.nan_to_num(past) @ weights[row, held]
        known = np.isfinite(past).any(axis=1)
        if known.sum() < max(2, VOLATILITY_BARS // 2):
            continue
        volatility = earned[known].std(ddof=1) * BARS_PER_YEAR**0.5
        if volatility > 1e-12:
            found[row] *= min(target / volatility, max_leverage)
    return found

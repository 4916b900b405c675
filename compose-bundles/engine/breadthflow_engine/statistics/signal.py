"""How fast a signal changes, and what acting on it costs of its rank IC."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

MIN_SYMBOLS = 3

MEAN_ABSOLUTE_NORMAL = math.sqrt(2 / math.pi)
"""E|z| of a standard normal: weights z / E|z| have a gross exposure of 1 on average."""


@dataclass(frozen=True)
class AdjustedIC:
    """Attributes:
    value: rank IC left after costs; None with a `reason`.
    turnover: of a book with weights in proportion to the signal, bought plus sold over gross
        exposure, at each rebalance.
    cost: the costs, in units of rank IC.
    """

    value: float | None
    turnover: float | None
    cost: float | None
    reason: str | None = None


def rank_autocorrelation(signal: ArrayLike, lag: int) -> float | None:
    """Mean rank correlation of a signal with itself `lag` rows before.

    Args:
        signal: (days, symbols), NaN where missing; only symbols that are there on both days count,
            three at least.
        lag: in rows, one or more.

    Returns:
        None if no pair of days has enough symbols, or the signal is constant.
    """
    values = np.asarray(signal, dtype=np.float64)
    now, before = values[lag:], values[:-lag]
    both = np.isfinite(now) & np.isfinite(before)
    a, b = _centred_ranks(now, both), _centred_ranks(before, both)
    norm = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    told = (both.sum(axis=1) >= MIN_SYMBOLS) & (norm > 0)
    if not told.any():
        return None
    return float(np.mean((a * b).sum(axis=1)[told] / norm[told]))


def turnover_adjusted_ic(
    ic: float, autocorrelation: float, dispersion: float, cost: float
) -> AdjustedIC:
    """Rank IC less the costs of following the signal, for a book with weights ∝ the signal.

    With standard normal scores z, such a book of gross exposure 1 earns IC σ / E|z| a period
    (Grinold 1989, "The Fundamental Law of Active Management") and trades sqrt(2 (1 - ρ)) of its
    gross exposure at a rebalance (Qian, Sorensen and Hua 2007, "Information Horizon, Portfolio
    Turnover, and Optimal Alpha Models", Journal of Portfolio Management 34(1)). So what is left of
    the IC is IC - cost sqrt(2 (1 - ρ)) E|z| / σ.

    Args:
        ic: mean rank IC over the holding period.
        autocorrelation: ρ of the signal from one rebalance to the next.
        dispersion: σ, cross-sectional standard deviation of returns over the holding period.
        cost: of a traded notional, a fraction (0.0006 for 6 basis points).

    Raises:
        ValueError: an IC or autocorrelation outside [-1, 1], or a cost below 0.
    """
    if not (-1 <= ic <= 1 and -1 <= autocorrelation <= 1 and cost >= 0):
        raise ValueError(f"no such IC, autocorrelation or cost: {ic}, {autocorrelation}, {cost}")
    if not dispersion > 0:
        return AdjustedIC(None, None, None, "the symbols' returns do not differ on any day")
    turnover = math.sqrt(2 * (1 - autocorrelation))
    lost = cost * turnover * MEAN_ABSOLUTE_NORMAL / dispersion
    return AdjustedIC(ic - lost, turnover, lost)


def _centred_ranks(values: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Average ranks within each row `among` some, less their mean; 0 for the others."""
    if not values.size:
        return np.zeros(values.shape)
    ranks = rankdata(np.where(among, values, np.nan), axis=1, nan_policy="omit")
    return np.where(among, ranks - (among.sum(axis=1, keepdims=True) + 1) / 2, 0.0)

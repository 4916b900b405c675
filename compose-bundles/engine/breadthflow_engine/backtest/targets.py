"""From signals to target weights, each rebalance on its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.backtest.market import Matrix
from breadthflow_engine.backtest.settings import Strategy

Choice = NDArray[np.bool_]


def target_weights(
    signal: Matrix,
    strategy: Strategy,
    quantile: float = 0.1,
    top_n: int | None = None,
    shortable: Choice | None = None,
) -> Matrix:
    """Weights (R, S) as shares of equity for signals (R, S); NaN is what cannot be held.

    Absolute weights of a row add up to 1, or to 0 where there is nothing to choose between:
    fewer than two symbols, or (for all but inverse volatility) signals that are all the same.
    Ties go by the order of the columns, which is that of the symbols' names. What is not
    `shortable` (R, S) is passed over when the short side is chosen; where nothing is, the row is
    long only, with half its exposure.
    """
    known = np.isfinite(signal)
    if strategy == "inverse_volatility":
        return _inverse_volatility(signal, known)
    low = np.where(known, signal, np.inf).min(axis=1, initial=np.inf)
    high = np.where(known, signal, -np.inf).max(axis=1, initial=-np.inf)
    known = known & (high > low)[:, None]
    may_short = known if shortable is None else known & shortable
    if strategy == "proportional":
        return _proportional(signal, known, may_short, np.maximum(np.abs(low), np.abs(high)))
    there = known.sum(axis=1)
    count = np.maximum(1, (there * quantile + 1e-9).astype(np.int64))
    if top_n is not None:
        count = np.full(len(there), top_n)
    ranks = _ranks(signal, known)
    if strategy == "long_only":
        count = np.minimum(count, there if top_n is not None else there // 2)
        return _shares(known & (ranks < count[:, None]), 1.0)
    count = np.minimum(count, there // 2)
    best = known & (ranks < count[:, None])
    from_last = ranks if shortable is None else _ranks(signal, may_short)
    worst = may_short & (from_last >= (may_short.sum(axis=1) - count)[:, None])
    # A name on both sides would be no position: the short side goes without it.
    return _shares(best, 0.5) - _shares(worst & ~best, 0.5)


def _ranks(signal: Matrix, known: Choice) -> NDArray[np.int64]:
    """0 for the largest signal of a row; what is not known comes after all that is."""
    order = np.argsort(np.where(known, -signal, np.inf), axis=1, kind="stable")
    ranks = np.empty(signal.shape, np.int64)
    np.put_along_axis(ranks, order, np.arange(signal.shape[1])[None, :], axis=1)
    return ranks


def _shares(chosen: Choice, side: float) -> Matrix:
    return side * chosen / np.maximum(1, chosen.sum(axis=1, keepdims=True))


def _inverse_volatility(signal: Matrix, known: Choice) -> Matrix:
    known = known & (known.sum(axis=1) >= 2)[:, None]
    # Shifting the log volatilities cancels out in the ratio, and keeps exp in range.
    lowest = np.where(known, signal, np.inf).min(axis=1, keepdims=True, initial=np.inf)
    inverse = np.exp(np.where(known, lowest - np.where(known, signal, 0.0), -np.inf))
    return inverse / np.maximum(inverse.sum(axis=1, keepdims=True), 1.0)


def _proportional(signal: Matrix, known: Choice, may_short: Choice, span: Matrix) -> Matrix:
    """Half of the exposure long, half short, each side in proportion to the distance from the
    mean."""
    values = np.where(known, signal / np.where(span > 0, span, 1.0)[:, None], 0.0)
    mean = values.sum(axis=1, keepdims=True) / np.maximum(1, known.sum(axis=1, keepdims=True))
    apart = np.where(known, values - mean, 0.0)
    long = np.clip(apart, 0.0, None)
    short = np.where(may_short, np.clip(-apart, 0.0, None), 0.0)
    return 0.5 * (_to_one(long) - _to_one(short))


def _to_one(side: Matrix) -> Matrix:
    total = side.sum(axis=1, keepdims=True)
    return side / np.where(total > 0, total, 1.0)


def equal_weights(signal: Matrix) -> Matrix:
    """The benchmark's weights (R, S): the same symbols, each with the same share."""
    known = np.isfinite(signal)
    return known / np.maximum(1, known.sum(axis=1, keepdims=True))

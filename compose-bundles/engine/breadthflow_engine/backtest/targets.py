"""From signals to target weights, each rebalance on its own."""

from __future__ import annotations

import numpy as np

from breadthflow_engine.backtest.market import Matrix
from breadthflow_engine.backtest.settings import Strategy


def target_weights(
    signal: Matrix,
    strategy: Strategy,
    quantile: float = 0.1,
    top_n: int | None = None,
    shortable: Matrix | None = None,
) -> Matrix:
    """Weights (R, S) as shares of equity for signals (R, S); NaN is what cannot be held.

    Absolute weights of a row add up to 1, or to 0 where there is nothing to choose between:
    fewer than two symbols, or (for all but inverse volatility) signals that are all the same.
    Ties go by the order of the columns, which is that of the symbols' names. Where `shortable`
    (R, S) is 0, a symbol is passed over when the short side is chosen.
    """
    weights = np.zeros_like(signal)
    for row, values in enumerate(signal):
        held = np.flatnonzero(np.isfinite(values))
        if len(held) < 2:
            continue
        known = values[held]
        if strategy == "inverse_volatility":
            # Shifting the log volatilities cancels out in the ratio, and keeps exp in range.
            inverse = np.exp(known.min() - known)
            weights[row, held] = inverse / inverse.sum()
            continue
        if known.max() == known.min():
            continue
        may_short = np.ones(len(held), bool) if shortable is None else shortable[row, held] > 0
        if strategy == "proportional":
            weights[row, held] = _proportional(known, may_short)
            continue
        count = top_n or max(1, int(len(held) * quantile + 1e-9))
        if strategy == "long_only":
            count = min(count, len(held) if top_n else len(held) // 2)
            weights[row, held[_best_first(known)[:count]]] = 1.0 / count
            continue
        count = min(count, len(held) // 2)
        order = _best_first(known)
        worst = order[may_short[order]][-count:]
        best = order[:count]
        # A name on both sides would be no position: the short side goes without it.
        worst = worst[~np.isin(worst, best)]
        weights[row, held[best]] = 0.5 / count
        if len(worst):
            weights[row, held[worst]] = -0.5 / len(worst)
    return weights


def _best_first(values: Matrix) -> np.ndarray:
    return np.argsort(-values, kind="stable")


def _proportional(values: Matrix, may_short: np.ndarray) -> Matrix:
    """Half of the exposure long, half short, each side in proportion to the distance from the
    mean."""
    span = np.abs(values).max()
    apart = values / span - np.mean(values / span)
    long = np.clip(apart, 0.0, None)
    short = np.where(may_short, np.clip(-apart, 0.0, None), 0.0)
    weights = 0.5 * long / long.sum() if long.sum() > 0 else long
    return weights - (0.5 * short / short.sum() if short.sum() > 0 else short)


def equal_weights(signal: Matrix) -> Matrix:
    """The benchmark's weights (R, S): the same symbols, each with the same share."""
    known = np.isfinite(signal)
    return known / np.maximum(1, known.sum(axis=1, keepdims=True))

"""From predictions to target weights, each rebalance on its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.steps.backtest.panel import Matrix
from breadthflow_engine.steps.backtest.settings import Strategy


def rebalance_days(prediction: Matrix, every: int) -> NDArray[np.int64]:
    """Rows of `prediction` (D, S) whose signals are traded.

    The first day with a prediction, then every `every` bars; where that day has no prediction, the
    next one that has.
    """
    days = []
    due = 0
    for day in np.flatnonzero(np.isfinite(prediction).any(axis=1)):
        if day >= due:
            days.append(day)
            due = day + every
    return np.asarray(days, dtype=np.int64)


def target_weights(prediction: Matrix, strategy: Strategy, quantile: float) -> Matrix:
    """Weights (R, S) as shares of equity for predictions (R, S); NaN marks what cannot be held.

    Absolute weights of a row add up to 1, or to 0 where there is nothing to choose between:
    fewer than two symbols, or (for the quantile strategies) predictions that are all the same.
    Ties go by the order of the columns, which is that of the symbols' names.
    """
    weights = np.zeros_like(prediction)
    for row, values in enumerate(prediction):
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
        count = min(max(1, int(len(held) * quantile + 1e-9)), len(held) // 2)
        order = held[np.argsort(-known, kind="stable")]
        if strategy == "long_only":
            weights[row, order[:count]] = 1.0 / count
        else:
            weights[row, order[:count]] = 0.5 / count
            weights[row, order[-count:]] = -0.5 / count
    return weights


def equal_weights(prediction: Matrix) -> Matrix:
    """The benchmark's weights (R, S): the same symbols, each with the same share."""
    known = np.isfinite(prediction)
    return known / np.maximum(1, known.sum(axis=1, keepdims=True))

"""Daily rank IC: how well the predictions order the symbols of one day.

The information coefficient of a day is Spearman's correlation, over the symbols of that day,
of prediction and label (Grinold and Kahn, *Active Portfolio Management*, 2000). Its mean over
days is what the search maximises and what the verdict rests on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MIN_SYMBOLS = 3
"""A day with fewer symbols has no IC: with two it could only be -1 or 1."""

Floats = NDArray[np.float64]


class DailyRankIC:
    """The daily rank IC against one label, with everything that depends on the label done once.

    Args:
        days: day of each row, shape [rows], any sortable dtype; equal days adjacent.
        label: shape [rows], finite.

    Attributes:
        days: the distinct days, shape [days].
        ranks: the label's rank within its day less the mean rank, shape [rows].
    """

    def __init__(self, days: NDArray, label: NDArray) -> None:
        change = np.flatnonzero(days[1:] != days[:-1]) + 1
        self._starts = np.concatenate(([0], change)).astype(np.intp)[: len(days)]
        self._counts = np.diff(np.append(self._starts, len(days)))
        self._code = np.repeat(np.arange(len(self._starts)), self._counts)
        self.days = days[self._starts]
        self.ranks = self._centred_ranks(np.asarray(label))
        self._label_norm = np.sqrt(np.add.reduceat(self.ranks**2, self._starts))
        self._defined = (self._counts >= MIN_SYMBOLS) & (self._label_norm > 0)

    def __call__(self, prediction: NDArray) -> Floats:
        """The IC of each of `days`, shape [days].

        NaN on a day with fewer than `MIN_SYMBOLS` symbols or a constant label: there is nothing
        to order. 0 where the prediction is constant: it orders nothing.
        """
        ranks = self._centred_ranks(np.asarray(prediction))
        norm = np.sqrt(np.add.reduceat(ranks**2, self._starts))
        product = np.add.reduceat(ranks * self.ranks, self._starts)
        scale = norm * self._label_norm
        ic = np.divide(product, scale, out=np.zeros_like(product), where=scale > 0)
        return np.where(self._defined, ic, np.nan)

    def _centred_ranks(self, values: NDArray) -> Floats:
        """Average ranks within each day less their mean."""
        if not np.isfinite(values).all():
            raise ValueError("rank IC of values that are not finite")
        order = np.lexsort((values, self._code))
        code, value = self._code[order], values[order]
        # Rows of one day with one value form a tie and share the mean of their positions.
        new = np.concatenate(([True], (code[1:] != code[:-1]) | (value[1:] != value[:-1])))
        first = np.flatnonzero(new)
        last = np.append(first[1:], len(values)) - 1
        position = ((first + last) / 2)[np.cumsum(new) - 1]
        ranks = np.empty(len(values))
        ranks[order] = position
        middle = self._starts + (self._counts - 1) / 2
        return ranks - middle[self._code]


def mean_ic(ic: Floats) -> float:
    """Mean of the days that have an IC; NaN where none has."""
    defined = ic[~np.isnan(ic)]
    return float(defined.mean()) if len(defined) else float("nan")


def icir(ic: Floats) -> float:
    """Mean daily IC over its standard deviation, per day (not annualised); NaN under two days."""
    defined = ic[~np.isnan(ic)]
    deviation = defined.std(ddof=1) if len(defined) > 1 else 0.0
    return float(defined.mean() / deviation) if deviation > 0 else float("nan")


def fold_means(ic: Floats, folds: NDArray[np.integer], count: int) -> list[float]:
    """Mean IC of each of `count` folds; `folds` has the fold of each day, shape [days]."""
    return [mean_ic(ic[folds == fold]) for fold in range(count)]

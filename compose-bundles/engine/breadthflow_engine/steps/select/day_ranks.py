"""One feature against the label, day by day, compiled."""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

MIN_SYMBOLS = 3
"""A day with fewer values has no IC: with two it could only be -1 or 1."""

NEARLY_ALL = 0.9
"""A day on which more than this share of the values are equal orders next to nothing."""

_VALUES = numba.types.Array(numba.float32, 1, "C", readonly=True)
_LABELS = numba.types.Array(numba.float64, 1, "C", readonly=True)
_STARTS = numba.types.Array(numba.int64, 1, "C", readonly=True)
_SIGNATURE = numba.void(
    _VALUES, _LABELS, _STARTS, numba.float32[::1], numba.float64[::1], numba.int64[::1]
)


def _rank_days(
    values: np.ndarray,
    label_ranks: np.ndarray,
    starts: np.ndarray,
    scores: np.ndarray,
    ic: np.ndarray,
    present: np.ndarray,
) -> None:
    """Fill `scores`, `ic` and `present` for one feature.

    Args:
        values: shape [rows], sorted by day; what is not finite is missing.
        label_ranks: rank of the label within its day, shape [rows].
        starts: first row of each day and the number of rows, shape [days + 1].
        scores: rank within the day, centred, of unit variance; 0 where missing or where nearly
            all values of the day are equal; shape [rows].
        ic: correlation of the two ranks over the values that are there; NaN where a day has fewer
            than `MIN_SYMBOLS` of them, nearly all are equal, or the labels are; shape [days].
        present: values that are there, shape [days].
    """
    widest = 0
    for day in range(starts.size - 1):
        widest = max(widest, starts[day + 1] - starts[day])
    rows = np.empty(widest, np.int64)
    ranks = np.empty(widest)
    for day in range(starts.size - 1):
        count = 0
        for row in range(starts[day], starts[day + 1]):
            scores[row] = 0.0
            if math.isfinite(values[row]):
                rows[count] = row
                count += 1
        present[day] = count
        ic[day] = np.nan
        if count < MIN_SYMBOLS:
            continue
        found = values[rows[:count]]
        places = np.argsort(found)
        first = 0
        largest_tie = 0
        while first < count:
            last = first
            while last + 1 < count and found[places[last + 1]] == found[places[first]]:
                last += 1
            for k in range(first, last + 1):
                ranks[places[k]] = 0.5 * (first + last)
            largest_tie = max(largest_tie, last + 1 - first)
            first = last + 1
        if largest_tie > NEARLY_ALL * count:
            continue
        centre = 0.5 * (count - 1)
        label_mean = 0.0
        for k in range(count):
            label_mean += label_ranks[rows[k]]
        label_mean /= count
        squares = 0.0
        label_squares = 0.0
        product = 0.0
        for k in range(count):
            a = ranks[k] - centre
            b = label_ranks[rows[k]] - label_mean
            squares += a * a
            label_squares += b * b
            product += a * b
        scale = 1.0 / math.sqrt(squares / count)
        for k in range(count):
            scores[rows[k]] = (ranks[k] - centre) * scale
        if label_squares > 0.0:
            ic[day] = product / math.sqrt(squares * label_squares)


def _compiled(function: Any) -> Any:
    """Compile at import, so that a warm worker never does it inside a step; cache where allowed."""
    try:
        return numba.njit(_SIGNATURE, cache=True, nogil=True)(function)
    except (RuntimeError, OSError, EOFError, ValueError):
        return numba.njit(_SIGNATURE, nogil=True)(function)


rank_days = _compiled(_rank_days)

"""What mean rank IC would pure chance show? Labels shuffled within their dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

MIN_SYMBOLS = 3
MIN_DAYS = 2

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PermutationNull:
    """Attributes:
    value: mean daily rank IC as it is; None with a `reason`.
    null: (replicates,) mean daily rank ICs with shuffled labels.
    p_value: share of them, the real one counted in, that are as large or larger.
    reason: why there is none.
    """

    value: float | None
    null: Floats
    p_value: float | None
    reason: str | None = None


def rank_ic_null(
    prediction: ArrayLike,
    label: ArrayLike,
    *,
    block: int = 1,
    replicates: int = 1000,
    seed: int = 7,
) -> PermutationNull:
    """Permutation test of the mean daily rank IC (Good 2005, "Permutation, Parametric and Bootstrap
    Tests of Hypotheses", chapter 3).

    Labels change places among the symbols of a day. `block` days in a row are shuffled alike, so
    that labels which reach over several days keep the memory that they share; with blocks of one
    day a null of overlapping labels is too narrow. A day counts from three symbols on, if both
    prediction and label differ among them.

    Args:
        prediction, label: (days, symbols), NaN where a symbol has no row; equal values share their
            mean rank.
        block: days shuffled alike.
        replicates: shuffles of the whole history.
        seed: the only source of chance.

    Raises:
        ValueError: shapes that differ, or a block below one.
    """
    ours, theirs = np.asarray(prediction, np.float64), np.asarray(label, np.float64)
    if ours.shape != theirs.shape or ours.ndim != 2 or block < 1:
        raise ValueError(f"needs two matrices of one shape and a block of one or more, not {block}")
    present = np.isfinite(ours) & np.isfinite(theirs)
    scores = _unit_ranks(np.where(present, ours, np.nan))
    wanted = _unit_ranks(np.where(present, theirs, np.nan))
    counted = (
        (present.sum(axis=1) >= MIN_SYMBOLS)
        & (np.nan_to_num(scores) != 0).any(axis=1)
        & (np.nan_to_num(wanted) != 0).any(axis=1)
    )
    if counted.sum() < MIN_DAYS:
        return PermutationNull(
            None, np.empty(0), None, f"{counted.sum()} days have a rank IC, fewer than {MIN_DAYS}"
        )
    scores, wanted = scores[counted], wanted[counted]
    value = float(np.nansum(scores * wanted) / len(scores))
    null = _shuffled_means(
        np.ascontiguousarray(scores), np.ascontiguousarray(wanted), block, replicates, seed
    )
    # Rounding must not make a tie look like a shuffle that is worse.
    as_large = int(np.count_nonzero(null >= value - 1e-12))
    return PermutationNull(value, null, (1 + as_large) / (1 + replicates))


def _unit_ranks(values: Floats) -> Floats:
    """Average ranks of each row, centred and of unit norm; NaN stays, a constant row becomes 0."""
    count = np.isfinite(values).sum(axis=1, keepdims=True)
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    places = np.broadcast_to(np.arange(values.shape[1]), values.shape)
    new = np.ones(values.shape, dtype=bool)
    new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    last = np.ones(values.shape, dtype=bool)
    last[:, :-1] = new[:, 1:]
    first_place = np.maximum.accumulate(np.where(new, places, 0), axis=1)
    width = values.shape[1]
    last_place = np.minimum.accumulate(np.where(last, places, width)[:, ::-1], axis=1)[:, ::-1]
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, (first_place + last_place) / 2, axis=1)
    centred = np.where(np.isfinite(values), ranks - (count - 1) / 2, np.nan)
    norm = np.sqrt(np.nansum(centred**2, axis=1, keepdims=True))
    return np.divide(centred, norm, out=np.where(np.isfinite(values), 0.0, np.nan), where=norm > 0)


def _compiled(function: Callable[..., Floats]) -> Callable[..., Floats]:
    """Compile at import, so that a warm worker never does it inside a step.

    The machine code is cached beside the source; where nothing can be written, or the cache is
    damaged, it is compiled anew.
    """
    whole, matrix = numba.int64, numba.float64[:, ::1]
    signature = numba.float64[::1](matrix, matrix, whole, whole, whole)
    try:
        return numba.njit(signature, cache=True, nogil=True)(function)
    except (RuntimeError, OSError, EOFError, ValueError):
        return numba.njit(signature, nogil=True)(function)


@_compiled
def _shuffled_means(
    scores: Floats, wanted: Floats, block: int, replicates: int, seed: int
) -> Floats:
    days, symbols = scores.shape
    means = np.empty(replicates)
    order = np.arange(symbols)
    np.random.seed(seed)
    for replicate in range(replicates):
        total = 0.0
        for day in range(days):
            if day % block == 0:
                for place in range(symbols - 1, 0, -1):
                    other = np.random.randint(0, place + 1)
                    order[place], order[other] = order[other], order[place]
            # The symbols of the day, in their own order, take the labels in the shuffled one.
            taken = 0
            for symbol in range(symbols):
                if np.isnan(scores[day, symbol]):
                    continue
                while np.isnan(wanted[day, order[taken]]):
                    taken += 1
                total += scores[day, symbol] * wanted[day, order[taken]]
                taken += 1
        means[replicate] = total / days
    return means

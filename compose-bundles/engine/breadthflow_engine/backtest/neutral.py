"""Weights that add up to nothing in what the book should not bet on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.backtest.market import Matrix

_ROUNDS = 200
_TOLERANCE = 1e-10


def neutralised(
    weights: Matrix,
    sectors: NDArray[np.int64] | None = None,
    beta: Matrix | None = None,
    max_weight: float | None = None,
) -> Matrix:
    """Move each row of weights (R, S) as little as it takes, and only symbols that are held.

    After it a row adds up to 0 within each sector (S,) (or over all symbols where only `beta` is
    given), its product with `beta` (R, S) is 0, and no weight exceeds `max_weight`. Its gross
    exposure is kept as far as the limit lets it. A symbol without a beta is let go; so is the only
    name held in its sector.
    """
    found = np.zeros_like(weights)
    for row, held in enumerate(weights):
        known = held != 0.0
        if beta is not None:
            known &= np.isfinite(beta[row])
        place = np.flatnonzero(known)
        if not len(place):
            continue
        against = _exposures(place, sectors, None if beta is None else beta[row])
        # Without a limit one projection is exact; with one, clipping and projecting take turns.
        limit = np.inf if max_weight is None else max_weight
        gross = np.abs(held).sum()
        values = _projected(held[place], against)
        for _ in range(_ROUNDS if max_weight is not None else 1):
            values = _scaled(values, gross)
            if np.abs(values).max(initial=0.0) <= limit * (1 + _TOLERANCE):
                break
            values = _projected(np.clip(values, -limit, limit), against)
        largest = np.abs(values).max(initial=0.0)
        # Scaling a neutral book down keeps it neutral, so the limit holds whatever is left.
        found[row, place] = values * min(1.0, limit / largest) if largest > 0 else 0.0
    return found


def _exposures(place: np.ndarray, sectors: np.ndarray | None, beta: Matrix | None) -> Matrix:
    columns = [np.ones(len(place))]
    if sectors is not None:
        columns = [(sectors[place] == code).astype(float) for code in np.unique(sectors[place])]
    if beta is not None:
        columns.append(beta[place])
    return np.column_stack(columns)


def _projected(values: Matrix, against: Matrix) -> Matrix:
    left = values - against @ np.linalg.lstsq(against, values, rcond=None)[0]
    # What is left of a book that lies wholly in what it must not hold is rounding.
    return left if np.abs(left).sum() > 1e-9 * max(1.0, np.abs(values).sum()) else left * 0.0


def _scaled(values: Matrix, gross: float) -> Matrix:
    now = np.abs(values).sum()
    return values * (gross / now) if now > 0 else values

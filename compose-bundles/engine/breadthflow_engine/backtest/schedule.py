"""When signals are traded."""

from __future__ import annotations

import numpy as np
import polars as pl

from breadthflow_engine.backtest.market import Days, Matrix
from breadthflow_engine.backtest.settings import Calendar


def rebalance_days(
    prediction: Matrix,
    every: int,
    dates: pl.Series | None = None,
    calendar: Calendar = "bar",
    first: int = 0,
) -> Days:
    """Rows of `prediction` (D, S) whose signals are traded.

    By `bar`: the first day with a prediction from bar `first` on, then every `every` bars; where
    that day has no prediction, the next one that has. By `week` and `month`: the first day with a
    prediction in every so many of them. The first of a period and not the last, since on the day
    nobody needs to know that it is the last.
    """
    known = np.flatnonzero(np.isfinite(prediction).any(axis=1))
    known = known[known >= first]
    if calendar == "bar" or dates is None:
        return _spaced(known, known, every)
    unit = "1w" if calendar == "week" else "1mo"
    begins = dates.cast(pl.Date).dt.truncate(unit).to_physical().to_numpy()
    period = np.unique(begins, return_inverse=True)[1]
    return _spaced(known, period[known], every)


def _spaced(days: Days, clock: Days, every: int) -> Days:
    kept = []
    due = None
    for day, time in zip(days, clock, strict=True):
        if due is None or time >= due:
            kept.append(day)
            due = time + every
    return np.asarray(kept, dtype=np.int64)


def overlapped(weights: Matrix, parts: int) -> Matrix:
    """Weights (R, S) of a book in `parts` equal parts, of which each rebalance renews the oldest.

    Jegadeesh and Titman (1993), "Returns to Buying Winners and Selling Losers", Journal of Finance
    48(1). NaN counts as 0 here: what cannot be chosen now may still be held from before. Until
    every part is filled, the rest is cash.
    """
    if parts == 1:
        return weights
    known = np.nan_to_num(weights)
    sums = np.cumsum(np.vstack([np.zeros((parts, known.shape[1])), known]), axis=0)
    return (sums[parts:] - sums[:-parts]) / parts

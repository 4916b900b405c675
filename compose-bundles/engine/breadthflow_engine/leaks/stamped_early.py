"""Bars that bear an earlier day than the one on which they were known.

A symbol whose days are stamped in another time zone, or joined a day early, moves with the market
of the *next* day. One that lags (it closes before the others, or trades seldom) moves with the
market of the day before, which is honest.
"""

from __future__ import annotations

import numpy as np

from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.return_matrix import Returns
from breadthflow_engine.written import counted

AHEAD = 0.25
MARGIN = 0.1
MIN_DAYS = 60
MIN_SYMBOLS = 5


def stamped_early(returns: Returns) -> LeakTest | None:
    values = returns.clean
    days, count = values.shape
    if days < MIN_DAYS or count < MIN_SYMBOLS:
        return None
    # The others of a symbol: its own return would correlate with itself.
    others = (values.sum(axis=1, keepdims=True) - values) / (count - 1)
    same = _correlation(values, others)
    ahead = _correlation(values[:-1], others[1:])
    early = np.flatnonzero((ahead > AHEAD) & (ahead > same + MARGIN))
    return LeakTest(
        detector="stamped_early",
        label="No bar is stamped before it was known",
        tested=(
            f"The returns of {counted(count, 'symbol')} against those of the others: how many "
            "symbols move with the next day of the market rather than with their own."
        ),
        evidence=float(len(early)),
        limit=0.0,
        where=first_of(
            f"{returns.symbols[i]}: {ahead[i]:.2f} with the next day, {same[i]:.2f} with its own"
            for i in early
        ),
    )


def _correlation(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    a, b = a - a.mean(axis=0), b - b.mean(axis=0)
    size = np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
    product = (a * b).sum(axis=0)
    return np.divide(product, size, out=np.zeros_like(product), where=size > 0)

"""Symbols that are copies of one another under other names, on the same days or some days apart.

A copy on the same days counts evidence twice. One that stands a day earlier tells tomorrow.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.return_matrix import Returns
from breadthflow_engine.written import counted

LAGS = (0, 1, 2, 3)
ALIKE = 0.98
"""Correlation from which a pair is looked at closely."""

SAME = 2e-5
"""Difference of two returns that rounding of prices to cents leaves at most now and then. Two share
classes of one company differ by ten times as much on most days."""

SHARE = 0.8
MIN_DAYS = 60


def symbol_copies(returns: Returns) -> LeakTest:
    values, clean = returns.values, returns.clean
    spread = np.sqrt((clean**2).sum(axis=0))
    unit = np.divide(clean, spread, out=np.zeros_like(clean), where=spread > 0)
    unit = unit.astype(np.float32)
    found: list[str] = []
    for lag in LAGS:
        alike = unit[: len(unit) - lag].T @ unit[lag:]
        for first, second in np.argwhere(alike > ALIKE):
            if first == second or (lag == 0 and first > second):
                continue
            if _same(values[: len(values) - lag, first], values[lag:, second]):
                apart = f" {lag} bars later" if lag else ""
                found.append(f"{returns.symbols[second]} is {returns.symbols[first]}{apart}")
    return LeakTest(
        detector="symbol_copies",
        label="No symbol is a copy of another",
        tested=(
            f"The returns of {counted(len(returns.symbols), 'symbol')}, each against every other "
            f"up to {LAGS[-1]} bars apart: how many pairs are the same."
        ),
        evidence=float(len(found)),
        limit=0.0,
        where=first_of(found),
    )


def _same(a: NDArray[np.float64], b: NDArray[np.float64]) -> bool:
    """Days on which neither moves say nothing."""
    both = np.isfinite(a) & np.isfinite(b) & ((np.abs(a) > SAME) | (np.abs(b) > SAME))
    return bool(both.sum() >= MIN_DAYS and (np.abs(a - b)[both] <= SAME).mean() >= SHARE)

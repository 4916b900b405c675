"""Windows along the bars of a symbol, and ranks across a day, compiled.

Every window takes the values of all symbols one after another and the number of each bar within
its symbol, and starts afresh where that is 0; so a result depends on nothing but the symbol's own
bars up to it, and is the same to the last bit on data cut after it. Values that are not finite are
missing. Running sums are taken anew once a window length, so that rounding cannot pile up and
what a huge value left behind is gone as soon as that.

Polars' own rolling expressions do the same under `.over(symbol)`, at four to seven times the cost.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numba
import numpy as np

_RESULT = numba.float64[::1]
_VALUES = numba.types.Array(numba.float64, 1, "C", readonly=True)
_BARS = numba.types.Array(numba.int32, 1, "C", readonly=True)
_ORDER = numba.types.Array(numba.uint32, 1, "C", readonly=True)
_DAYS = numba.types.Array(numba.int64, 1, "C", readonly=True)
_WINDOW = _RESULT(_VALUES, _BARS, numba.int64, numba.int64)


def _compiled(signature: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile at import, so that a warm worker never does it inside a step; cache where allowed."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            return numba.njit(signature, cache=True, nogil=True)(function)
        except (RuntimeError, OSError, EOFError, ValueError):
            return numba.njit(signature, nogil=True)(function)

    return decorate


@_compiled(_WINDOW)
def mean(values: np.ndarray, bar: np.ndarray, bars: int, enough: int) -> np.ndarray:
    """Mean of the last `bars` values, missing where fewer than `enough` are there."""
    result = np.empty_like(values)
    total = 0.0
    count = 0
    for i in range(values.size):
        if bar[i] % bars == 0:
            total = 0.0
            count = 0
            for j in range(i - min(bars - 1, bar[i]), i):
                if math.isfinite(values[j]):
                    total += values[j]
                    count += 1
        elif bar[i] >= bars and math.isfinite(values[i - bars]):
            total -= values[i - bars]
            count -= 1
        if math.isfinite(values[i]):
            total += values[i]
            count += 1
        result[i] = total / count if count >= enough else np.nan
    return result


@_compiled(_WINDOW)
def stdev(values: np.ndarray, bar: np.ndarray, bars: int, enough: int) -> np.ndarray:
    """Sample standard deviation (n - 1) of the last `bars` values.

    Sums are of deviations from the mean at the last fresh start: squares of the values themselves
    would cancel where the deviations are small beside them.
    """
    result = np.empty_like(values)
    centre = 0.0
    total = 0.0
    squares = 0.0
    count = 0
    for i in range(values.size):
        if bar[i] % bars == 0:
            first = i - min(bars - 1, bar[i])
            centre = 0.0
            count = 0
            for j in range(first, i + 1):
                if math.isfinite(values[j]):
                    centre += values[j]
                    count += 1
            if count > 0:
                centre /= count
            total = 0.0
            squares = 0.0
            count = 0
            for j in range(first, i):
                if math.isfinite(values[j]):
                    deviation = values[j] - centre
                    total += deviation
                    squares += deviation * deviation
                    count += 1
        elif bar[i] >= bars and math.isfinite(values[i - bars]):
            deviation = values[i - bars] - centre
            total -= deviation
            squares -= deviation * deviation
            count -= 1
        if math.isfinite(values[i]):
            deviation = values[i] - centre
            total += deviation
            squares += deviation * deviation
            count += 1
        if count >= enough and count > 1:
            result[i] = math.sqrt(max(squares - total * total / count, 0.0) / (count - 1))
        else:
            result[i] = np.nan
    return result


@_compiled(_WINDOW)
def greatest(values: np.ndarray, bar: np.ndarray, bars: int, enough: int) -> np.ndarray:
    """Greatest of the last `bars` values; looked for anew only when it leaves the window."""
    result = np.empty_like(values)
    at = -1
    count = 0
    for i in range(values.size):
        if bar[i] == 0:
            at = -1
            count = 0
        elif bar[i] >= bars:
            count -= math.isfinite(values[i - bars])
            if at == i - bars:
                at = -1
                for j in range(i - bars + 1, i):
                    if math.isfinite(values[j]) and (at < 0 or values[j] >= values[at]):
                        at = j
        if math.isfinite(values[i]):
            count += 1
            if at < 0 or values[i] >= values[at]:
                at = i
        result[i] = values[at] if count >= enough else np.nan
    return result


@_compiled(_RESULT(_VALUES, _BARS, numba.float64, numba.int64, numba.int64))
def ewma(
    values: np.ndarray, bar: np.ndarray, half_life: float, bars: int, enough: int
) -> np.ndarray:
    """Mean of the last `bars` values, the weight halving every `half_life` bars.

    Weights are renormalised over the values that are there. What leaves the window is taken out.
    """
    result = np.empty_like(values)
    keep = 0.5 ** (1.0 / half_life)
    gone = 0.5 ** (bars / half_life)
    total = 0.0
    weight = 0.0
    count = 0
    for i in range(values.size):
        if bar[i] == 0:
            total = 0.0
            weight = 0.0
            count = 0
        total *= keep
        weight *= keep
        if bar[i] >= bars and math.isfinite(values[i - bars]):
            total -= gone * values[i - bars]
            weight -= gone
            count -= 1
        if math.isfinite(values[i]):
            total += values[i]
            weight += 1.0
            count += 1
        result[i] = total / weight if count >= enough else np.nan
    return result


@_compiled(_RESULT(_VALUES, _BARS, numba.int64))
def bars_since(condition: np.ndarray, bar: np.ndarray, bars: int) -> np.ndarray:
    """Bars since the condition last was other than 0; `bars` if it was not in the last ones."""
    result = np.empty_like(condition)
    latest = -1
    for i in range(condition.size):
        if bar[i] == 0:
            latest = -1
        if math.isfinite(condition[i]) and condition[i] != 0:
            latest = i
        if not math.isfinite(condition[i]):
            result[i] = np.nan
        elif latest < 0:
            result[i] = bars
        else:
            result[i] = min(i - latest, bars)
    return result


@_compiled(_RESULT(_VALUES, _ORDER, _DAYS))
def rank_in_day(values: np.ndarray, order: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Rank among the values of one day, 0 to 1, ties sharing their mean; none for a lone value.

    `order` lists the rows day by day; `day` is the day of a row.
    """
    result = np.full(values.size, np.nan)
    rows = np.empty(values.size, np.int64)
    start = 0
    while start < order.size:
        stop = start
        count = 0
        while stop < order.size and day[order[stop]] == day[order[start]]:
            if math.isfinite(values[order[stop]]):
                rows[count] = order[stop]
                count += 1
            stop += 1
        if count > 1:
            found = values[rows[:count]]
            places = np.argsort(found)
            first = 0
            while first < count:
                last = first
                while last + 1 < count and found[places[last + 1]] == found[places[first]]:
                    last += 1
                for k in range(first, last + 1):
                    result[rows[places[k]]] = 0.5 * (first + last) / (count - 1)
                first = last + 1
        start = stop
    return result

"""What would change the result of a gate, told from its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from scipy.special import ndtri

from breadthflow_engine.written import decimal

BARS_PER_YEAR = 252
MAX_YEARS = 50
"""A longer history is no advice: no data set of daily bars has it."""


def lasting(bars: float) -> str:
    """A length of history in words."""
    years = bars / BARS_PER_YEAR
    if years > MAX_YEARS:
        return f"more than {MAX_YEARS} years of history"
    return f"about {bars:,.0f} bars of history ({decimal(years, 1)} years)"


def bars_for_lower_bound(
    value: float, interval: tuple[float, float], bars: int, least: float
) -> float | None:
    """Bars after which the same mean with the same scatter would have its lower bound at `least`.

    An interval narrows with the root of the length. None if the mean is not above `least`: then
    it would narrow around the wrong side.
    """
    if value <= least:
        return None
    return bars * ((value - interval[0]) / (value - least)) ** 2


def interval_change(
    value: float, interval: tuple[float, float] | None, bars: int, least: float, passed: bool
) -> str:
    """Of a gate that asks for a whole interval above `least`."""
    if interval is None:
        return "It takes more days: there are too few for an interval."
    if passed:
        room = decimal(interval[0] - least, 3)
        return f"It would fail if the same scatter came with a mean {room} lower."
    needed = bars_for_lower_bound(value, interval, bars, least)
    if needed is None:
        return f"No length of history would: {decimal(value, 3)} is not above {least:g}."
    return (
        f"The same mean and scatter over {lasting(needed)} would pass, against {bars:,} bars here; "
        f"or a mean of {decimal(value - interval[0] + least, 3)} over these."
    )


def bars_for_deflated_sharpe(
    sharpe: float, spread: float, luck: float, confidence: float
) -> float | None:
    """Bars after which the same Sharpe ratio would stand out of the trials with `confidence`.

    Both the error of a Sharpe ratio, `spread` / sqrt(T), and the best of N worthless trials,
    `luck` / sqrt(T), shrink with the history: so T = ((spread z + luck) / sharpe)². All per bar.
    """
    if sharpe <= 0:
        return None
    return ((spread * float(ndtri(confidence)) + luck) / sharpe) ** 2


def listed(names: Sequence[str], most: int = 5) -> str:
    """The first names, and how many there are beyond them."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")

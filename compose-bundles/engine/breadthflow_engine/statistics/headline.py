"""The numbers that a book is introduced with, each with an interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from breadthflow_engine.statistics.bootstrap import Statistic, stationary_indices
from breadthflow_engine.statistics.memory import optimal_block_length

BARS_PER_YEAR = 252
MIN_OBSERVATIONS = 20
"""Returns below which a bootstrap interval would only repeat them."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measure:
    """A number and its interval; where one of them cannot be known it is None, and `reason` says
    why."""

    value: float | None
    lower: float | None
    upper: float | None
    reason: str | None = None


def sharpe(samples: Floats) -> Floats:
    """Yearly Sharpe ratio; NaN where returns do not vary. Samples (B, T) of daily returns."""
    return _mean_over_deviation(samples) * np.sqrt(BARS_PER_YEAR)


def _mean_over_deviation(samples: Floats) -> Floats:
    """NaN where samples (B, T) do not vary."""
    deviation = samples.std(axis=1, ddof=1)
    varies = deviation > 1e-14 * np.maximum(1.0, np.abs(samples).max(axis=1))
    return np.divide(
        samples.mean(axis=1), deviation, out=np.full(len(samples), np.nan), where=varies
    )


def annual_return(samples: Floats) -> Floats:
    """Geometric yearly return, a fraction; -1 where everything was lost on the way."""
    ruined = (samples <= -1).any(axis=1)
    growth = np.log1p(np.maximum(samples, -1 + 1e-15)).mean(axis=1)
    return np.where(ruined, -1.0, np.expm1(growth * BARS_PER_YEAR))


def annual_volatility(samples: Floats) -> Floats:
    """Yearly standard deviation of returns, a fraction."""
    return samples.std(axis=1, ddof=1) * np.sqrt(BARS_PER_YEAR)


def max_drawdown(samples: Floats) -> Floats:
    """Deepest fall of the equity from its last peak, a fraction of 0 or below."""
    equity = np.cumprod(1 + np.maximum(samples, -1.0), axis=1)
    peak = np.maximum(np.maximum.accumulate(equity, axis=1), 1.0)
    return (equity / peak - 1).min(axis=1)


def calmar(samples: Floats) -> Floats:
    """Yearly return over the deepest drawdown; NaN where there was none."""
    depth = -max_drawdown(samples)
    return np.divide(
        annual_return(samples), depth, out=np.full(len(samples), np.nan), where=depth > 0
    )


def hit_rate(samples: Floats) -> Floats:
    """Share of the days with a return other than 0 that had one above 0; NaN if all are 0."""
    active = (samples != 0).sum(axis=1)
    return np.divide(
        (samples > 0).sum(axis=1), active, out=np.full(len(samples), np.nan), where=active > 0
    )


HEADLINES: dict[str, Statistic] = {
    "annual_return": annual_return,
    "annual_volatility": annual_volatility,
    "sharpe": sharpe,
    "max_drawdown": max_drawdown,
    "calmar": calmar,
    "hit_rate": hit_rate,
}


def headline_measures(
    returns: ArrayLike,
    *,
    min_block: float = 1.0,
    level: float = 0.95,
    replicates: int = 1000,
    seed: int = 7,
) -> dict[str, Measure]:
    """Every headline number of daily net returns (T,) with its stationary block bootstrap interval.

    All numbers are measured on the same resampled histories. Returns that are not finite are left
    out. The mean block is that of Politis and White, and `min_block` at least.

    Raises:
        ValueError: a block below one.
    """
    values = _usable(returns, min_block)
    count = len(values)
    if count < 2:
        return {
            name: Measure(None, None, None, f"{count} returns; it takes two or more")
            for name in HEADLINES
        }
    if not np.any(values):
        return {
            name: Measure(None, None, None, "every return is 0: nothing was traded")
            for name in HEADLINES
        }
    return _measured(HEADLINES, values, min_block, level, replicates, seed)


def icir_measure(
    daily_ic: ArrayLike,
    *,
    min_block: float = 1.0,
    level: float = 0.95,
    replicates: int = 1000,
    seed: int = 7,
) -> Measure:
    """The mean of daily ICs (T,) over their deviation, and an interval like those of returns.

    Grinold and Kahn (2000), *Active Portfolio Management*; per day, as the leaderboard has it.

    Raises:
        ValueError: a block below one.
    """
    values = _usable(daily_ic, min_block)
    if len(values) < 2:
        return Measure(None, None, None, f"{len(values)} daily ICs; it takes two or more")
    statistics: dict[str, Statistic] = {"icir": _mean_over_deviation}
    return _measured(statistics, values, min_block, level, replicates, seed)["icir"]


def _usable(values: ArrayLike, min_block: float) -> Floats:
    """Those that are finite (T,)."""
    if not min_block >= 1:
        raise ValueError(f"a block has one period or more, not {min_block}")
    found = np.asarray(values, dtype=np.float64)
    return found[np.isfinite(found)]


def _measured(
    statistics: Mapping[str, Statistic],
    values: Floats,
    min_block: float,
    level: float,
    replicates: int,
    seed: int,
) -> dict[str, Measure]:
    """Each statistic of values (T,), and of the same histories (B, T) drawn anew from them."""
    count = len(values)
    samples = None
    if count >= MIN_OBSERVATIONS:
        block = min(max(min_block, optimal_block_length(values)), float(count))
        rng = np.random.default_rng(seed)
        samples = values[stationary_indices(count, block, replicates, rng)]
    return {
        name: _measure(float(statistic(values[None])[0]), statistic, samples, level)
        for name, statistic in statistics.items()
    }


def _measure(value: float, statistic: Statistic, samples: Floats | None, level: float) -> Measure:
    if not np.isfinite(value):
        return Measure(None, None, None, "it divides by something that is 0 for these days")
    if samples is None:
        return Measure(value, None, None, f"fewer than {MIN_OBSERVATIONS} days: no interval")
    found = statistic(samples)
    found = found[np.isfinite(found)]
    # A ratio that most resampled histories lack is not pinned down by the few that have it.
    if len(found) < len(samples) / 2:
        return Measure(value, None, None, "most resampled histories have no such number")
    tail = (1 - level) / 2
    lower, upper = np.quantile(found, [tail, 1 - tail])
    return Measure(value, float(lower), float(upper))

"""Intervals for means of series that remember: the block bootstrap."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True)
class Interval:
    """A statistic of a series and its bootstrap interval, in the statistic's unit."""

    value: float
    lower: float
    upper: float
    level: float
    block: float
    observations: int


def stationary_indices(
    observations: int, block: float, replicates: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Resampled positions, shape (replicates, observations), blocks of geometric length.

    Politis and Romano (1994), "The Stationary Bootstrap", JASA 89(428): at every place a new
    block begins with probability 1/block at a random position; otherwise the next position
    follows, wrapping round at the end.
    """
    shape = (replicates, observations)
    begins = rng.random(shape) < 1.0 / block
    begins[:, 0] = True
    fresh = rng.integers(0, observations, size=shape)
    places = np.arange(observations)
    block_start = np.maximum.accumulate(np.where(begins, places, 0), axis=1)
    return (np.take_along_axis(fresh, block_start, axis=1) + places - block_start) % observations


def circular_indices(
    observations: int, block: int, replicates: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Resampled positions, shape (replicates, observations), blocks of one length.

    Politis and Romano (1992), "A circular block-resampling procedure for stationary data".
    """
    blocks = -(-observations // block)
    starts = rng.integers(0, observations, size=(replicates, blocks, 1))
    positions = (starts + np.arange(block)) % observations
    return positions.reshape(replicates, blocks * block)[:, :observations]


def _mean(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    return samples.mean(axis=1)


def block_bootstrap_interval(
    values: ArrayLike,
    block: float,
    *,
    statistic: Statistic = _mean,
    level: float = 0.95,
    replicates: int = 2000,
    seed: int = 7,
    kind: Literal["stationary", "circular"] = "stationary",
) -> Interval:
    """Percentile interval of a statistic of `values` (T,) or (T, K), in time order.

    Rows with a value that is not finite are left out first. `block` is the (mean) block length in
    observations; it should be no shorter than the memory of the series, see
    `memory.optimal_block_length`.

    Args:
        statistic: from samples (B, T) or (B, T, K) to one number a sample, (B,); the mean over
            time when not given. Samples for which it is not finite do not count.

    Raises:
        ValueError: fewer than two finite values, or a block shorter than one.
    """
    series = np.asarray(values, dtype=np.float64)
    series = series[np.isfinite(series).reshape(len(series), -1).all(axis=1)]
    count = len(series)
    if count < 2 or not block >= 1:
        raise ValueError(f"needs two values and a block of one or more, not {count} and {block}")
    block = min(float(block), float(count))
    rng = np.random.default_rng(seed)
    if kind == "stationary":
        positions = stationary_indices(count, block, replicates, rng)
    else:
        positions = circular_indices(count, math.ceil(block), replicates, rng)
    found = statistic(series[positions])
    tail = (1 - level) / 2
    lower, upper = np.quantile(found[np.isfinite(found)], [tail, 1 - tail])
    value = float(statistic(series[None])[0])
    return Interval(value, float(lower), float(upper), level, block, count)

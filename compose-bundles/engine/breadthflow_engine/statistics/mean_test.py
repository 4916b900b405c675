"""Is the mean of a series that remembers above zero?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from breadthflow_engine.statistics.memory import (
    cosine_terms,
    long_run_variance,
    optimal_block_length,
)


@dataclass(frozen=True)
class MeanTest:
    """Attributes:
    mean, lower, upper: the mean and its two-sided interval.
    error: standard error of the mean.
    p_value: of "the mean is zero or less".
    freedom: degrees of freedom.
    reason: why all of them are None.
    """

    mean: float | None
    lower: float | None
    upper: float | None
    error: float | None
    p_value: float | None
    freedom: float | None
    reason: str | None = None


def mean_test(values: ArrayLike, min_block: float = 1.0, level: float = 0.95) -> MeanTest:
    """Student's t test of the mean of (T,) with a standard error that knows of memory.

    The standard error is that of `memory.long_run_variance`, with the mean block of Politis and
    White (2004) and `min_block` at least. The statistic is held against Student's t with the fewest
    of three degrees of freedom, since a standard error that is itself a guess is at times far too
    small, and the best of many trials finds those times:

    - one less than there are blocks (batch means; Law 2015, "Simulation Modeling and Analysis",
      section 9.5.3);
    - the number of slow cosines that the variance rests on (see `memory.cosine_variance`);
    - half of T over the factor w by which memory widens the variance: read from an autoregression
      the variance is σ² / (1 - φ)², whose squared relative error is 4 w / T by the delta method, as
      that of a χ² with T / 2w degrees of freedom.

    Values that are not finite are left out.

    Raises:
        ValueError: a block below one, or a level outside (0, 1).
    """
    if not (min_block >= 1 and 0 < level < 1):
        raise ValueError(f"no such block or level: {min_block}, {level}")
    series = np.asarray(values, dtype=np.float64)
    series = series[np.isfinite(series)]
    count = len(series)
    block = max(min_block, optimal_block_length(series))
    if count < 2 * block:
        reason = f"{count} values, fewer than two blocks of {block:.0f}"
        return MeanTest(None, None, None, None, None, None, reason)
    if np.ptp(series) == 0:
        return MeanTest(None, None, None, None, None, None, "the values do not vary")
    mean = float(series.mean())
    variance = long_run_variance(series, block)
    error = math.sqrt(variance / count)
    widened = variance / float(series.var())
    freedom = max(1.0, min(count / block - 1, cosine_terms(count), count / widened / 2))
    reach = float(stdtrit(freedom, 0.5 + level / 2)) * error
    p_value = float(stdtr(freedom, -mean / error))
    return MeanTest(mean, mean - reach, mean + reach, error, p_value, freedom)

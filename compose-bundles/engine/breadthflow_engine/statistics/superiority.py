"""Is the best of many trials better than a benchmark, given that it was picked as the best?

White (2000), "A Reality Check for Data Snooping", Econometrica 68(5), and Hansen (2005), "A Test
for Superior Predictive Ability", Journal of Business & Economic Statistics 23(4), by the
stationary bootstrap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from breadthflow_engine.statistics.bootstrap import stationary_indices
from breadthflow_engine.statistics.memory import bootstrap_variance

MIN_OBSERVATIONS = 10
_CHUNK = 256

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Superiority:
    """p-values of "no trial is better than the benchmark"; None with a `reason`.

    Attributes:
        reality_check: White's, of the largest mean difference.
        spa: Hansen's consistent p-value, of the largest studentised difference.
        spa_lower, spa_upper: Hansen's bounds of it: poor trials ignored, and all of them kept.
        best: column of the largest mean difference.
        trials, observations: the shape that was tested.
        reason: why there are no p-values.
    """

    reality_check: float | None
    spa: float | None
    spa_lower: float | None
    spa_upper: float | None
    best: int | None
    trials: int
    observations: int
    reason: str | None = None


def superior_ability(
    differences: ArrayLike,
    block: float,
    *,
    replicates: int = 2000,
    seed: int = 7,
    studentise: bool = True,
) -> Superiority:
    """Test the best of N trials against a benchmark.

    Args:
        differences: (T, N), what each trial earned in each period above the benchmark, in time
            order; rows with a value that is not finite are left out, trials that never differ
            from their mean are no trials.
        block: mean block length of the bootstrap, in periods.
        replicates: bootstrap samples.
        seed: the only source of chance.
        studentise: as Hansen asks for. Without it the SPA statistic is White's and only the
            recentring differs, which is what `arch.bootstrap.SPA` computes.

    Raises:
        ValueError: a block below one, or `differences` is not a matrix.
    """
    table = np.asarray(differences, dtype=np.float64)
    if table.ndim != 2 or not block >= 1:
        raise ValueError(f"needs a matrix and a block of one or more, not {block}")
    table = table[np.isfinite(table).all(axis=1)]
    count, trials = table.shape
    varies = np.ptp(table, axis=0) > 0 if count else np.zeros(trials, dtype=bool)
    if count < MIN_OBSERVATIONS or not varies.any():
        few = f"{count} periods, fewer than {MIN_OBSERVATIONS}"
        reason = few if count < MIN_OBSERVATIONS else "no trial ever differs from the benchmark"
        return Superiority(None, None, None, None, None, int(varies.sum()), count, reason)

    columns = np.flatnonzero(varies)
    table = table[:, columns]
    mean = table.mean(axis=0)
    deviation = np.sqrt(bootstrap_variance(table, min(block, count)))
    scale = deviation if studentise else np.ones_like(deviation)
    poor = mean < -deviation / math.sqrt(count) * math.sqrt(2 * math.log(math.log(count)))
    centres = np.stack([np.maximum(mean, 0.0), np.where(poor, 0.0, mean), mean])

    statistic = max(float((mean / scale).max()), 0.0)
    white = float(mean.max())
    rng = np.random.default_rng(seed)
    above = np.zeros(4)
    for start in range(0, replicates, _CHUNK):
        size = min(_CHUNK, replicates - start)
        drawn = _resampled_means(table, min(block, float(count)), size, rng)
        for row, centre in enumerate(centres):
            largest = np.maximum(((drawn - centre) / scale).max(axis=1), 0.0)
            above[row] += np.count_nonzero(largest > statistic)
        above[3] += np.count_nonzero((drawn - mean).max(axis=1) > white)
    lower, consistent, upper, reality = (above / replicates).tolist()
    return Superiority(
        reality_check=reality,
        spa=consistent,
        spa_lower=lower,
        spa_upper=upper,
        best=int(columns[mean.argmax()]),
        trials=len(columns),
        observations=count,
    )


def _resampled_means(table: Floats, block: float, size: int, rng: np.random.Generator) -> Floats:
    """Means (size, N) of resampled rows; each row's count times the row is one matrix product."""
    count = len(table)
    positions = stationary_indices(count, block, size, rng)
    flat = positions + count * np.arange(size)[:, None]
    counts = np.bincount(flat.ravel(), minlength=size * count).reshape(size, count)
    return counts.astype(np.float64) @ table / count

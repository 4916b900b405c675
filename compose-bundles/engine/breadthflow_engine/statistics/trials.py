"""How many trials were really different from each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

SAME_CORRELATION = 0.7
"""Trials above it share half of their variance (0.7² = 0.49) and count as one."""

MIN_PERIODS = 10


@dataclass(frozen=True)
class EffectiveTrials:
    """Attributes:
    count: number of clusters; None with a `reason`.
    clusters: (N,) cluster of each trial, from 0; -1 where a trial has no results that vary.
    trials: the trials that were clustered.
    reason: why there is no count.
    """

    count: int | None
    clusters: NDArray[np.intp]
    trials: int
    reason: str | None = None


def effective_trials(
    performance: ArrayLike, correlation: float = SAME_CORRELATION
) -> EffectiveTrials:
    """Cluster trials by the correlation of what they earned, and count the clusters.

    López de Prado and Lewis (2019), "Detection of false investment strategies using unsupervised
    learning methods", Quantitative Finance 19(9), count clusters of trials on the distance
    sqrt((1 - ρ) / 2). Here the clusters are those of complete linkage cut at `correlation`, which
    needs no random start and means the same on every data set: in a cluster any two trials
    correlate by that much or more. It errs on the strict side of their silhouettes, which may
    lump together what has little in common.

    Args:
        performance: (T, N), what each trial earned in each period; rows with a value that is not
            finite are left out.
        correlation: in (0, 1).

    Raises:
        ValueError: `correlation` out of range, or `performance` is not a matrix.
    """
    table = np.asarray(performance, dtype=np.float64)
    if table.ndim != 2 or not 0 < correlation < 1:
        raise ValueError(f"needs a matrix and a correlation between 0 and 1, not {correlation}")
    clusters = np.full(table.shape[1], -1, dtype=np.intp)
    table = table[np.isfinite(table).all(axis=1)]
    varies = np.ptp(table, axis=0) > 0 if len(table) else np.zeros(table.shape[1], dtype=bool)
    trials = int(varies.sum())
    if trials == 0:
        return EffectiveTrials(None, clusters, 0, "no trial has results that vary")
    if len(table) < MIN_PERIODS:
        return EffectiveTrials(
            None, clusters, trials, f"{len(table)} periods, fewer than {MIN_PERIODS}"
        )
    if trials == 1:
        clusters[varies] = 0
        return EffectiveTrials(1, clusters, 1)
    # Within [-1, 1] but for rounding, which must not make a distance imaginary.
    alike = np.clip(np.corrcoef(table[:, varies], rowvar=False), -1, 1)
    distance = np.sqrt((1 - alike) / 2)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), method="complete")
    label = fcluster(tree, np.sqrt((1 - correlation) / 2), criterion="distance")
    clusters[varies] = label - 1
    return EffectiveTrials(int(label.max()), clusters, trials)

"""Second moments of the ranks, pooled over the days of each fold.

Folds share most of their days, so the days are cut into runs that belong to the same folds, and
each run is multiplied out once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.steps.select.evidence import Evidence

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Sums over the rows of some days.

    Attributes:
        features: products of the features' ranks, shape [features, features].
        with_label: products with the label's ranks, shape [features].
        label: square of the label's ranks.
    """

    features: Floats
    with_label: Floats
    label: float


def pool_moments(evidence: Evidence, day_sets: Sequence[NDArray[np.bool_]]) -> list[Moments]:
    """The moments over each set of days, each of shape [days]."""
    count = len(evidence.names)
    sums = [(np.zeros((count, count)), np.zeros(count), np.zeros(1)) for _ in day_sets]
    members = np.array(day_sets)
    changes = np.flatnonzero((members[:, 1:] != members[:, :-1]).any(axis=0)) + 1
    bounds = [0, *changes.tolist(), members.shape[1]]
    for first, last in pairwise(bounds):
        rows = slice(evidence.starts[first], evidence.starts[last])
        owners = [total for total, days in zip(sums, members, strict=True) if days[first]]
        if not owners:
            continue
        scores, label = evidence.scores[rows], evidence.label_scores[rows]
        made = (scores.T @ scores, scores.T @ label, label @ label)
        for total in owners:
            for part, addition in zip(total, made, strict=True):
                part += addition
    return [Moments(gram, with_label, float(label[0])) for gram, with_label, label in sums]

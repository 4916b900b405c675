"""Greedy ensemble selection with replacement (Caruana et al. 2004, *Ensemble selection from
libraries of models*), on out-of-fold predictions.

The gain of each step is measured by the mean daily correlation of the blend with the ranks of the
label within the day. It follows the rank IC closely, and with the daily covariances of all
candidates known, a step costs no pass over the rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUNDS = 24
"""Picks made; a weight is a multiple of 1 / ROUNDS at the finest."""

_MIN_GAIN = 1e-6


@dataclass(frozen=True)
class DailyMoments:
    """Second moments within each day.

    Attributes:
        covariance: of the candidates with each other, shape [days, candidates, candidates].
        with_label: of the candidates with the label's ranks of unit norm, shape
            [days, candidates].
    """

    covariance: Floats
    with_label: Floats

    @classmethod
    def of(cls, days: NDArray, predictions: Floats, label_ranks: Floats) -> DailyMoments:
        """
        Args:
            days: day of each row, equal days adjacent, shape [rows].
            predictions: shape [rows, candidates].
            label_ranks: rank of the label within the day less its mean, shape [rows].
        """
        if not len(days):
            width = predictions.shape[1]
            return cls(np.empty((0, width, width)), np.empty((0, width)))
        bounds = np.concatenate(
            ([0], np.flatnonzero(days[1:] != days[:-1]) + 1, [len(days)])
        ).tolist()
        count, width = len(bounds) - 1, predictions.shape[1]
        covariance = np.empty((count, width, width))
        with_label = np.zeros((count, width))
        for day in range(count):
            rows = slice(bounds[day], bounds[day + 1])
            block = predictions[rows] - predictions[rows].mean(axis=0)
            label = label_ranks[rows]
            norm = float(np.sqrt(label @ label))
            covariance[day] = block.T @ block
            if norm > 0:
                with_label[day] = label @ block / norm
        return cls(covariance, with_label)

    @staticmethod
    def joined(parts: list[DailyMoments]) -> DailyMoments:
        return DailyMoments(
            np.concatenate([part.covariance for part in parts]),
            np.concatenate([part.with_label for part in parts]),
        )


def greedy_weights(moments: DailyMoments, max_members: int) -> Floats:
    """Weights of the candidates, of sum 1, at most `max_members` of them above 0.

    Starts with the best candidate and adds, one pick at a time and with replacement, the one that
    improves the blend most; stops when none does. Ties go to the earlier candidate.
    """
    width = moments.with_label.shape[1]
    picks = np.zeros(width)
    blend_with = np.zeros((len(moments.with_label), width))  # blend . candidate, by day
    blend_label = np.zeros(len(moments.with_label))
    blend_square = np.zeros(len(moments.with_label))
    own_square = np.einsum("dcc->dc", moments.covariance)
    best_score = -np.inf
    for _ in range(ROUNDS):
        square = blend_square[:, None] + 2 * blend_with + own_square
        score = _mean_correlation(blend_label[:, None] + moments.with_label, square)
        if np.count_nonzero(picks) >= max_members:
            score = np.where(picks > 0, score, -np.inf)
        pick = int(np.argmax(score))
        if score[pick] <= best_score + _MIN_GAIN:
            break
        best_score = float(score[pick])
        picks[pick] += 1
        blend_square = square[:, pick]
        blend_label = blend_label + moments.with_label[:, pick]
        blend_with = blend_with + moments.covariance[:, pick, :]
    return picks / picks.sum()


def _mean_correlation(product: Floats, square: Floats) -> Floats:
    norm = np.sqrt(np.maximum(square, 0))
    correlation = np.divide(product, norm, out=np.zeros_like(product), where=norm > 1e-12)
    return correlation.mean(axis=0)

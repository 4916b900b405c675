"""The ensemble: what its weights are for each fold, and for the final model.

Nothing fitted sees the fold that it is judged on. The weights for fold k come from out-of-fold
predictions of earlier folds, and of those only from days whose labels end before the purge of
fold k; the first fold, which has none before it, blends one default configuration of each engine
in equal parts. The final model's weights come from all folds. Where symbols are held out, each part
has weights of its own, which come from the symbols outside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.models.ensemble import DailyMoments, greedy_weights
from breadthflow_engine.steps.train.cells import ChoiceRows
from breadthflow_engine.steps.train.search import TrialResult, candidates, finalists


@dataclass(frozen=True)
class Learnt:
    """What weights were chosen by.

    Attributes:
        pool: the candidates, by number of their trial.
        days: the days that were looked at, as whole numbers.
        moments: of those candidates on those days.
    """

    pool: list[int]
    days: NDArray
    moments: DailyMoments


@dataclass(frozen=True)
class Blended:
    """Members and their weights, of sum 1; `learnt` is None where nothing was known."""

    members: list[TrialResult]
    weights: list[float]
    learnt: Learnt | None = None

    def predict(self, fold: int) -> NDArray[np.float64]:
        """Out-of-fold predictions of the fold's test rows."""
        parts = zip(self.members, self.weights, strict=True)
        return sum(
            (weight * member.predictions[fold].astype(np.float64) for member, weight in parts),
            start=np.zeros(len(self.members[0].predictions[fold])),
        )


class Blender:
    """
    Args:
        rows: what it may choose by.
        max_members: models in an ensemble at most.
    """

    def __init__(self, rows: ChoiceRows, max_members: int) -> None:
        self._rows = rows
        self._known = rows.known
        self._max_members = max_members

    def for_fold(self, results: list[TrialResult], fold: int) -> Blended:
        """The ensemble whose predictions of this fold are reported."""
        pool = candidates(results, self._known, fold)
        known = [self._known.rows(fold, earlier) for earlier in range(fold)]
        if not any(rows.any() for rows in known):
            pool = pool[: self._max_members]
            return Blended(pool, [1 / len(pool)] * len(pool))
        return self._greedy(pool, known)

    def final(self, results: list[TrialResult]) -> Blended:
        """The ensemble that is fitted on all rows and saved."""
        everything = [np.ones(len(days), dtype=bool) for days in self._rows.days]
        return self._greedy(finalists(results), everything)

    def _greedy(self, pool: list[TrialResult], known: list[NDArray[np.bool_]]) -> Blended:
        """Weights by the rows that are `known` of each of the first folds."""
        moments = DailyMoments.joined(
            [self._moments(pool, fold, rows) for fold, rows in enumerate(known)]
        )
        days = [np.unique(self._rows.days[fold][rows]) for fold, rows in enumerate(known)]
        weights = greedy_weights(moments, self._max_members)
        kept = np.flatnonzero(weights)
        return Blended(
            [pool[i] for i in kept],
            [float(weights[i]) for i in kept],
            Learnt([result.number for result in pool], np.concatenate(days), moments),
        )

    def _moments(self, pool: list[TrialResult], fold: int, rows: NDArray[np.bool_]) -> DailyMoments:
        place = self._rows.places[fold][rows]
        predictions = np.column_stack([result.predictions[fold][place] for result in pool])
        return DailyMoments.of(
            self._rows.days[fold][rows],
            predictions.astype(np.float64),
            self._rows.rank_ics[fold].ranks[rows],
        )

"""Prepared training rows: what an engine fits on, made once and used by every trial."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.models.label_transform import LABEL_TRANSFORMS, transform_label
from breadthflow_engine.models.linear import LinearProblem
from breadthflow_engine.models.saved import Member
from breadthflow_engine.models.trees import EDGE_ROWS, BinnedRows
from breadthflow_engine.steps.train.settings import Engine

MAX_TREE_ROWS = 60_000
"""Rows that a tree model is fitted on at most. Above it, whole days are left out evenly: labels
of neighbouring days overlap, so a day that is skipped takes little with it."""


class TrainingRows:
    """The training rows of one fold (or of the final fit), ready for each engine.

    Args:
        features: shape [rows, features], float32, NaN for missing.
        label: shape [rows].
        days: day of each row, equal days adjacent, shape [rows].
        engines: which of them to get ready for.
        edge_rows: rows that the edges of the trees' bins are found from at most.
    """

    def __init__(
        self,
        features: NDArray[np.float32],
        label: NDArray[np.float64],
        days: NDArray,
        engines: list[Engine],
        edge_rows: int = EDGE_ROWS,
    ) -> None:
        labels = {name: transform_label(name, label, days) for name in LABEL_TRANSFORMS}
        self._linear = LinearProblem.of(features, labels) if "elastic_net" in engines else None
        self._trees = None
        if set(engines) & {"lightgbm", "extra_trees"}:
            kept = evenly_spaced_days(days, MAX_TREE_ROWS)
            some = {name: whole.of_rows(kept) for name, whole in labels.items()}
            self._trees = BinnedRows(features[kept], some, edge_rows)

    def fit(self, engine: Engine, params: dict[str, Any], seed: int) -> Member:
        """Fit one configuration of `space.suggest`."""
        settings = dict(params)
        label = settings.pop("label_transform")
        if engine == "elastic_net":
            assert self._linear is not None
            return self._linear.fit(label, **settings)
        assert self._trees is not None
        return self._trees.fit(engine, label, settings.pop("rounds"), settings, seed)


def evenly_spaced_days(days: NDArray, max_rows: int) -> NDArray[np.intp]:
    """Row numbers of every n-th day, counted back from the last, so that `max_rows` suffice."""
    if len(days) <= max_rows:
        return np.arange(len(days))
    unique, code = np.unique(days, return_inverse=True)
    every = -(-len(days) // max_rows)
    return np.flatnonzero((len(unique) - 1 - code) % every == 0)

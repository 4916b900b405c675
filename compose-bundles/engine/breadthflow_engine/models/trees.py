"""Trees, both kinds by LightGBM, over features that were binned once and are used by every trial.

`lightgbm` boosts. `extra_trees` averages trees grown on random rows and columns with split
thresholds drawn at random (Geurts, Ernst and Wehenkel 2006, *Extremely randomized trees*), by
LightGBM's `boosting=rf` with `extra_trees=true`: scikit-learn's own took over ten times as long on
the same rows. Missing values go the way that the split learned for them; trees need no scaling.
"""

from __future__ import annotations

from typing import Any, Literal

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.models.label_transform import FitLabel
from breadthflow_engine.models.saved import TreeMember

TreeEngine = Literal["lightgbm", "extra_trees"]

MAX_BIN = 63
EDGE_ROWS = 200_000
"""LightGBM's own."""

_BINNING = {
    "max_bin": MAX_BIN,
    "feature_pre_filter": False,
    "num_threads": 1,
    "verbose": -1,
}
# One thread and a fixed layout: the same trees on every machine, however many cores it has.
# Folds run side by side instead.
_REPEATABLE = {**_BINNING, "deterministic": True, "force_row_wise": True, "objective": "l2"}
_BY_ENGINE: dict[TreeEngine, dict[str, Any]] = {
    "lightgbm": {},
    "extra_trees": {"boosting": "rf", "extra_trees": True, "bagging_freq": 1},
}


class BinnedRows:
    """Training rows, binned once. Not safe for two fits at a time: the label is set for each."""

    def __init__(
        self,
        rows: NDArray[np.float32],
        labels: dict[str, FitLabel],
        edge_rows: int = EDGE_ROWS,
    ) -> None:
        """
        Args:
            rows: shape [n, features], NaN for missing.
            labels: every label that a trial may ask for, by name; values of shape [n].
            edge_rows: rows that the edges of the bins are found from at most.
        """
        self._labels = labels
        first = next(iter(labels.values()))
        binning = {**_BINNING, "bin_construct_sample_cnt": edge_rows}
        self._data = lgb.Dataset(rows, first.values, params=binning).construct()

    def fit(
        self, engine: TreeEngine, label: str, rounds: int, params: dict[str, Any], seed: int
    ) -> TreeMember:
        """Grow `rounds` trees; `params` are LightGBM's own."""
        fit_label = self._labels[label]
        self._data.set_label(fit_label.values)
        settings = {**_REPEATABLE, **_BY_ENGINE[engine], **params, "seed": seed}
        booster = lgb.train(settings, self._data, num_boost_round=rounds)
        # Without its reference to the rows, so that a kept model does not keep them alive.
        booster.free_dataset()
        return TreeMember(booster, fit_label.scale, fit_label.shift)

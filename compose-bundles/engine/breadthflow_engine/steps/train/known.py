"""Which days of earlier test windows may be learnt from when a later one is to be predicted."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.validation import Fold

Mask = NDArray[np.bool_]


class KnownDays:
    """The purge, applied to out-of-fold predictions.

    For fold k a day of an earlier test window is known if it may be trained on: not after
    `train_end`, and with every symbol's label ending by `purge_end`.

    Args:
        folds: earliest first.
        test_rows: `date` and `label_end` of the test rows of each fold, sorted by date.
        part: whose models they are for, where symbols are held out; `test_rows` are then those of
            the symbols outside it.
    """

    def __init__(
        self, folds: list[Fold], test_rows: list[pl.DataFrame], part: int | None = None
    ) -> None:
        self.part = part
        self._folds = folds
        self._days = [
            rows.group_by("date", maintain_order=True).agg(
                pl.col("label_end").max().alias("last_end"), pl.len().alias("rows")
            )
            for rows in test_rows
        ]

    def days(self, fold: int, earlier: int) -> Mask:
        """Of the days of an earlier test window, those known to `fold`; shape [days]."""
        cut = self._folds[fold]
        known = (pl.col("date") <= cut.train_end) & (pl.col("last_end") <= cut.purge_end)
        return self._days[earlier].select(known).to_series().to_numpy()

    def rows(self, fold: int, earlier: int) -> Mask:
        """The same for the rows of that test window; shape [rows]."""
        return np.repeat(self.days(fold, earlier), self._days[earlier]["rows"].to_numpy())

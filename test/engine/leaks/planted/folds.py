"""Training days too near to the test, or in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
from world import HORIZON, honest, sessions

from breadthflow_engine.leaks.subject import FoldRows, Subject
from planted.leak import Planted


def refolded(change: Callable[[FoldRows, pl.DataFrame], FoldRows]) -> Subject:
    subject = honest()
    assert subject.labels is not None
    rows = subject.labels.select("symbol", "date", "label_end")
    folds = tuple(change(fold, rows) for fold in subject.folds)
    return replace(subject, folds=folds, fitted=())


def trained_until(bars_before: int) -> Subject:
    """Training goes on until so many bars before the test window, whatever its labels reach."""

    def change(fold: FoldRows, rows: pl.DataFrame) -> FoldRows:
        days = sessions()
        last = days[days.index(fold.test["date"].min()) - bars_before]
        return replace(fold, train=rows.filter(pl.col("date") <= last))

    return refolded(change)


def random_folds() -> Subject:
    days = np.array(sessions())
    part = np.random.default_rng(3).integers(0, 4, len(days))

    def change(fold: FoldRows, rows: pl.DataFrame) -> FoldRows:
        tested = pl.col("date").is_in(days[part == fold.index].tolist())
        return replace(fold, train=rows.filter(~tested), test=rows.filter(tested))

    return refolded(change)


def random_rows() -> Subject:
    def change(fold: FoldRows, rows: pl.DataFrame) -> FoldRows:
        part = pl.Series(np.random.default_rng(3).integers(0, 4, rows.height))
        return replace(
            fold, train=rows.filter(part != fold.index), test=rows.filter(part == fold.index)
        )

    return refolded(change)


FOLDS = frozenset({"label_spans", "embargo", "split_order"})


IN_FOLDS = (
    Planted(
        "no purge",
        "labels of a week, and training until the day before the test",
        "label_spans",
        lambda: trained_until(1),
        FOLDS,
    ),
    Planted(
        "purge of one bar too few",
        "the last training label ends on the second test day",
        "label_spans",
        lambda: trained_until(HORIZON - 1),
        FOLDS,
    ),
    Planted(
        "embargo forgotten",
        "labels are purged, but the test follows at once",
        "embargo",
        lambda: trained_until(HORIZON + 1),
    ),
    Planted(
        "random days as folds",
        "the days before and after each test day are trained on",
        "split_order",
        random_folds,
        FOLDS,
    ),
    Planted(
        "random rows as folds",
        "other symbols of the test day are trained on",
        "split_order",
        random_rows,
        FOLDS,
    ),
)

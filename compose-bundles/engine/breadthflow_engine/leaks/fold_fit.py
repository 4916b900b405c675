"""Preparation that was fitted outside the fold: made again from the fold's own training rows.

Scalers, imputers, the scores of a selection, means by group that stand for a category: whatever
was fitted leaves numbers, and the same fit on the training rows alone must give the same ones.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import Fitted, Subject
from breadthflow_engine.written import counted, fold_name

TOLERANCE = 1e-6


def fold_fit(subject: Subject) -> LeakTest | None:
    if not subject.fitted:
        return None
    own = {fold.key: fold.train.select("symbol", "date") for fold in subject.folds}
    trains: dict[tuple[int, tuple[int, int | None]], pl.DataFrame] = {}
    apart = []
    for one in subject.fitted:
        cell = (one.fold, one.part)
        key = (id(one.rows), cell)
        if key not in trains:
            trains[key] = one.rows.join(own[cell], on=["symbol", "date"], how="semi")
        if not _same(one, trains[key]):
            apart.append(f"{one.name} of {fold_name(*cell)}")
    return LeakTest(
        detector="fold_fit",
        label="All that is fitted is fitted in its fold",
        tested=(
            f"{counted(len(subject.fitted), 'fitted set')} of numbers, made again from the "
            "training rows of their folds alone: how many come out otherwise."
        ),
        evidence=float(len(apart)),
        limit=0.0,
        where=first_of(apart),
    )


def _same(one: Fitted, train: pl.DataFrame) -> bool:
    again = np.asarray(one.fit(train), dtype=float)
    told = np.asarray(one.values, dtype=float)
    return again.shape == told.shape and bool(
        np.allclose(again, told, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    )

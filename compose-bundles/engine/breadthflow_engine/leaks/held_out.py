"""Symbols, or sectors, that were to be held out and were trained on all the same."""

from __future__ import annotations

import polars as pl

from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import FoldRows, Subject


def held_out(subject: Subject) -> LeakTest | None:
    """Brute force over every training row, by the groups of the rows themselves and not by what a
    fold says that it held out."""
    groups = subject.groups
    if groups is None or not subject.folds:
        return None
    shared = {fold.name: _shared(fold, groups) for fold in subject.folds}
    return LeakTest(
        detector="held_out",
        label="What is held out is trained on nowhere",
        tested=(
            f"Every training row of {subject.folds_counted}: how many are of a symbol or sector "
            "that the same models are tested on."
        ),
        evidence=float(sum(shared.values())),
        limit=0.0,
        where=first_of(f"{name}: {rows} rows" for name, rows in shared.items() if rows),
    )


def _shared(fold: FoldRows, groups: pl.DataFrame) -> int:
    tested = fold.test.join(groups, on="symbol").select("group").unique()
    return fold.train.join(groups, on="symbol").join(tested, on="group", how="semi").height

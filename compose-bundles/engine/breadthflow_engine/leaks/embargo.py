"""Bars to be left out between training and test that were not."""

from __future__ import annotations

import polars as pl

from breadthflow_engine.leaks.label_spans import windows_of
from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import FoldRows, Subject


def embargo(subject: Subject) -> LeakTest | None:
    """Count the bars between the end of the last training label and each test window, and between
    a test window's last label and the training that follows."""
    if not subject.folds:
        return None
    days = subject.bars.select(pl.col("date").unique().sort())["date"]
    missing = {fold.name: _missing(fold, days) for fold in subject.folds}
    return LeakTest(
        detector="embargo",
        label="The embargo was kept",
        tested=(
            f"The gap between training and test of {subject.folds_counted}: how "
            "many bars of the embargo are missing, in the worst fold."
        ),
        evidence=float(max(missing.values())),
        limit=0.0,
        where=first_of(f"{name}: {bars} bars" for name, bars in missing.items() if bars),
    )


def _missing(fold: FoldRows, days: pl.Series) -> int:
    worst = 0
    for start, end in windows_of(fold):
        reached = fold.train.filter(pl.col("date") < start)["label_end"].max()
        if reached is not None:
            gap = days.filter((days > reached) & (days < start)).len()
            worst = max(worst, fold.embargo - gap)
        follows = fold.train.filter(pl.col("date") > end)["date"].min()
        if follows is not None:
            last = fold.test.filter(pl.col("date").is_between(start, end))["label_end"].max()
            gap = days.filter((days > last) & (days < follows)).len()
            worst = max(worst, fold.embargo - gap)
    return worst

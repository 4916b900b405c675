"""Training labels that reach into the window they are tested on: the purge is too short."""

from __future__ import annotations

import datetime as dt

import polars as pl

from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import FoldRows, Subject


def label_spans(subject: Subject) -> LeakTest | None:
    """Brute force over every training row: a label spans the bars after its day up to `label_end`,
    and so do the labels of the test window."""
    if not subject.folds:
        return None
    overlaps = {fold.name: _overlapping(fold) + _unexplained(fold) for fold in subject.folds}
    return LeakTest(
        detector="label_spans",
        label="No training label reaches into its test",
        tested=(
            f"Every training row of {subject.folds_counted}: how many labels share "
            "bars with the labels of the test window."
        ),
        evidence=float(sum(overlaps.values())),
        limit=0.0,
        where=first_of(f"{name}: {rows} rows" for name, rows in overlaps.items() if rows),
    )


def _overlapping(fold: FoldRows) -> int:
    """By runs of test days, so that training between two of them is allowed."""
    total = 0
    for start, end in windows_of(fold):
        reach = fold.test.filter(pl.col("date").is_between(start, end))["label_end"].max()
        total += fold.train.filter((pl.col("label_end") > start) & (pl.col("date") < reach)).height
    return total


def _unexplained(fold: FoldRows) -> int:
    """Rows that the fold says it trained on, beyond those that it may have."""
    return max(0, (fold.trained or 0) - fold.train.height)


def windows_of(fold: FoldRows) -> list[tuple[dt.date, dt.date]]:
    """First and last day of each run of test days that no training day interrupts."""
    days = pl.concat(
        [
            fold.train.select("date", pl.lit(False).alias("test")),
            fold.test.select("date", pl.lit(True).alias("test")),
        ]
    )
    per_day = days.group_by("date").agg(pl.col("test").any()).sort("date")
    runs = per_day.with_columns(pl.col("test").rle_id().alias("run")).filter("test")
    spans = runs.group_by("run", maintain_order=True).agg(
        pl.col("date").min().alias("first"), pl.col("date").max().alias("last")
    )
    return list(spans.select("first", "last").iter_rows())

"""Rows that are both trained on and tested: a test that the model has seen is no test."""

from __future__ import annotations

import polars as pl

from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import Subject

LIMIT = 0.001
"""Share of the test rows. Two bars may by chance have the same few numbers."""

FLAT = 3
"""A content that stands so often in training is no copy but a price that does not move."""

KEY = ("symbol", "date")


def duplicate_rows(subject: Subject) -> LeakTest | None:
    """Compare rows by what they hold: the label, and the bar that it belongs to in shares of its
    close, so that neither a new name nor a new date hides a copy."""
    if subject.labels is None or not subject.folds:
        return None
    close = pl.col("close")
    content = (
        subject.bars.lazy()
        .filter(pl.col("high") > pl.col("low"))
        .select(
            *KEY,
            *((pl.col(name) / close).alias(name) for name in ("open", "high", "low")),
            pl.col("volume").cast(pl.Float64),
        )
        .join(subject.labels.lazy().select(*KEY, "label"), on=KEY, how="inner")
        .select(
            *KEY,
            pl.struct(pl.col("open", "high", "low", "volume", "label").round_sig_figs(9))
            .hash()
            .alias("content"),
        )
        .collect()
    )
    shares: dict[str, float] = {}
    for fold in subject.folds:
        train = content.join(fold.train.select(KEY), on=KEY, how="semi")
        test = content.join(fold.test.select(KEY), on=KEY, how="semi")
        often = train.group_by("content").len().filter(pl.col("len") >= FLAT)["content"]
        copies = test.filter(
            pl.col("content").is_in(train["content"].implode())
            & ~pl.col("content").is_in(often.implode())
        )
        if test.height:
            shares[f"{fold.name}: {copies.height} rows"] = copies.height / test.height
    worst = max(shares.values(), default=0.0)
    return LeakTest(
        detector="duplicate_rows",
        label="No row is both trained on and tested",
        tested=(
            f"The rows of {subject.folds_counted} by what they hold, whatever "
            "their symbol and date: the share of the test rows that stand in training too, in "
            "the worst fold."
        ),
        evidence=worst,
        limit=LIMIT,
        where=first_of(name for name, share in shares.items() if share > LIMIT),
    )

"""Prices that were adjusted for splits beside volumes that were not."""

from __future__ import annotations

import numpy as np
import polars as pl

from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import Subject
from breadthflow_engine.written import counted

BARS = 21
LIMIT = 0.5
MIN_SPLITS = 3
"""Volume is noisy: one split alone proves nothing."""


def adjusted_volumes(subject: Subject) -> LeakTest | None:
    """After a split four to one, four times as many shares change hands. Where prices before it
    were divided by four and volumes not multiplied, the volume steps up by what the split was:
    1 where it did so entirely, 0 where volumes were adjusted too."""
    if subject.adjustments is None:
        return None
    splits = subject.adjustments.filter(pl.col("factor").log().abs() > np.log(1.3))
    steps: dict[str, float] = {}
    for symbol, day, factor in splits.select("symbol", "date", "factor").iter_rows():
        rows = subject.bars.filter((pl.col("symbol") == symbol) & (pl.col("volume") > 0))
        before = rows.filter(pl.col("date") < day).tail(BARS)["volume"].to_numpy()
        after = rows.filter(pl.col("date") >= day).head(BARS)["volume"].to_numpy()
        if len(before) >= BARS // 2 and len(after) >= BARS // 2:
            step = np.log(np.median(after)) - np.log(np.median(before))
            steps[f"{symbol} on {day}"] = float(step / -np.log(factor))
    enough = len(steps) >= MIN_SPLITS
    return LeakTest(
        detector="adjusted_volumes",
        label="Volumes are adjusted with the prices",
        tested=(
            f"The volume before and after {counted(len(steps), 'split')}: the median step, in "
            "units of what the split would make of it if volumes were not adjusted."
        )
        if enough
        else f"Fewer than {MIN_SPLITS} splits are known, too few to judge the volumes by.",
        evidence=float(np.median(list(steps.values()))) if enough else None,
        limit=LIMIT,
        where=first_of(name for name, step in steps.items() if step > LIMIT) if enough else (),
        decides=False,
    )

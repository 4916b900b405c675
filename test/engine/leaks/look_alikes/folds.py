"""Training days as near to the test as they may be."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from planted.folds import refolded, trained_until
from world import EMBARGO, HORIZON, sessions

from breadthflow_engine.leaks.subject import FoldRows, Subject
from look_alikes.look_alike import LookAlike


def two_sided() -> Subject:
    """Training before and after the test window, as in combinatorial purged cross-validation."""
    days = sessions()

    def change(fold: FoldRows, rows: pl.DataFrame) -> FoldRows:
        start, end = fold.test["date"].min(), fold.test["date"].max()
        before = days[days.index(start) - EMBARGO - 1]
        after = days[min(len(days) - 1, days.index(end) + HORIZON + EMBARGO)]
        allowed = (pl.col("label_end") <= before) | (pl.col("date") > after)
        return replace(fold, train=rows.filter(allowed))

    return refolded(change)


IN_FOLDS = (
    LookAlike(
        "training on both sides of the test",
        "purged and embargoed before it and after it",
        two_sided,
    ),
    LookAlike(
        "embargo kept to the bar",
        "the gap is as long as it was to be, and no longer",
        lambda: trained_until(HORIZON + EMBARGO + 1),
    ),
)

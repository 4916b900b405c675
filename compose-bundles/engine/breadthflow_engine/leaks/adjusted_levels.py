"""Features of the level of prices, where prices were adjusted later for what was still to come.

A share that will split four to one was quoted at four times its adjusted price. What tells a cheap
share from a dear one in back-adjusted prices therefore tells who will rise and split.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.stats import rankdata

from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import Subject
from breadthflow_engine.written import counted

LIMIT = 0.02
"""Of 1 less the rank correlation over the symbols of a day. A single split among many symbols moves
the order by less."""

MIN_SYMBOLS = 5
PRICES = ("open", "high", "low", "close")


def adjusted_levels(subject: Subject) -> LeakTest | None:
    """Make the features again at the first cut that has adjustments ahead, from bars as they were
    quoted then, and compare how they order the symbols."""
    if subject.features is None or not subject.specs or subject.adjustments is None:
        return None
    day, ahead = None, subject.adjustments.clear()
    for cut in sorted(subject.cuts):
        ahead = subject.adjustments.filter(pl.col("date") > cut)
        if ahead.height:
            day = cut
            break
    if day is None:
        return LeakTest(
            detector="adjusted_levels",
            label="No feature knows later splits",
            tested="No adjustment of prices is known, so none can be undone.",
            evidence=None,
            limit=LIMIT,
        )
    factor = ahead.group_by("symbol").agg(pl.col("factor").product().alias("_factor"))
    quoted = (
        subject.bars.lazy()
        .filter(pl.col("date") <= day)
        .join(factor.lazy(), on="symbol", how="left", maintain_order="left")
        .with_columns(pl.col("_factor").fill_null(1.0))
        .with_columns(
            *(pl.col(price) / pl.col("_factor") for price in PRICES),
            pl.col("volume").cast(pl.Float64) * pl.col("_factor"),
        )
        .drop("_factor")
    )
    then = (
        subject.compiler(quoted, list(subject.specs), subject.attributes)
        .filter(pl.col("date") == day)
        .collect(engine="in-memory")
    )
    now = subject.features.filter(pl.col("date") == day)
    both = now.join(then, on="symbol", how="inner", suffix="@then")
    apart: dict[str, float] = {}
    for name in (spec.name for spec in subject.specs):
        pair = both.select(name, f"{name}@then").cast(pl.Float64).to_numpy()
        pair = pair[np.isfinite(pair).all(axis=1)]
        if len(pair) >= MIN_SYMBOLS and np.ptp(pair, axis=0).all():
            ranks = [rankdata(column) for column in pair.T]
            apart[name] = 1 - float(np.corrcoef(*ranks)[0, 1])
    worst = max(apart.values(), default=0.0)
    return LeakTest(
        detector="adjusted_levels",
        label="No feature knows later splits",
        tested=(
            f"{counted(len(apart), 'feature')} on {day}, made again with "
            f"{counted(ahead.height, 'later adjustment')} of "
            "prices undone: how far the order of the symbols moves, for the feature where it moves "
            "most (1 less the rank correlation)."
        ),
        evidence=round(worst, 6),
        limit=LIMIT,
        where=first_of(f"{name}: {moved:.3f}" for name, moved in apart.items() if moved > LIMIT),
    )

"""A universe that is known only at its end: companies join, and none ever leaves."""

from __future__ import annotations

import polars as pl

from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import Subject
from breadthflow_engine.written import counted

MIN_SESSIONS = 252
"""A list that lost nobody in less than a year may be luck."""


def only_survivors(joined: int, left: int, sessions: int) -> bool:
    """Whether the list looks like today's members: some joined it, and nobody ever left."""
    return joined > 0 and left == 0 and sessions >= MIN_SESSIONS


def survivorship(subject: Subject) -> LeakTest:
    lives = subject.bars.group_by("symbol").agg(
        pl.col("date").min().alias("first"), pl.col("date").max().alias("last")
    )
    first, last = lives["first"].min(), lives["last"].max()
    joined = lives.filter(pl.col("first") > first)
    left = lives.filter(pl.col("last") < last).height
    survivors = only_survivors(joined.height, left, subject.bars["date"].n_unique())
    return LeakTest(
        detector="survivorship",
        label="The universe was known at the time",
        tested=(
            f"{counted(lives.height, 'symbol')}: how many join after the first day, where none "
            "ever leaves. Companies that failed are then absent, which flatters every result; "
            "the data is to blame, not the idea, so this does not decide."
        ),
        evidence=float(joined.height if survivors else 0),
        limit=0.0,
        where=first_of(joined["symbol"].sort()) if survivors else (),
        decides=False,
    )

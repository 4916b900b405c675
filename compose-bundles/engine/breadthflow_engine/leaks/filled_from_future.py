"""Gaps in prices that were filled with the price that came after them."""

from __future__ import annotations

import polars as pl

from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import Subject
from breadthflow_engine.written import counted

LEAST = 5
"""Gaps from which on it is no accident."""

LIMIT = 0.5


def filled_from_future(subject: Subject) -> LeakTest:
    """A filled bar is flat and traded nothing. Filled forward, a gap begins at the price before it
    and jumps at its end; filled back, it jumps at its beginning."""
    close, before = pl.col("close"), pl.col("close").shift(1)
    quiet = (pl.col("volume").fill_null(0) == 0) & (pl.col("high") == pl.col("low"))
    begins = quiet & ~quiet.shift(1).fill_null(False)
    ends = quiet & ~quiet.shift(-1).fill_null(False)
    after = close.shift(-1)
    marks = subject.bars.lazy().select(
        "symbol",
        "date",
        (begins & (close != before)).over("symbol").fill_null(False).alias("jump_in"),
        (ends & (close != after)).over("symbol").fill_null(False).alias("jump_out"),
    )
    found = marks.filter(pl.col("jump_in") | pl.col("jump_out")).collect()
    back, forward = int(found["jump_in"].sum()), int(found["jump_out"].sum())
    gaps = back + forward
    return LeakTest(
        detector="filled_from_future",
        label="No gap is filled from its future",
        tested=(
            f"{counted(gaps, 'jump')} at the ends of bars without trade: the share that stands "
            "before such a gap, as where it was filled with the price after it."
        )
        if gaps >= LEAST
        else f"Fewer than {LEAST} gaps were filled, too few to tell from where.",
        evidence=back / gaps if gaps >= LEAST else None,
        limit=LIMIT,
        where=first_of(
            f"{symbol} on {day}"
            for symbol, day in found.filter("jump_in").select("symbol", "date").iter_rows()
        )
        if gaps >= LEAST and back / gaps > LIMIT
        else (),
    )

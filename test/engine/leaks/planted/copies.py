"""Rows and symbols that stand in the data twice."""

from __future__ import annotations

import polars as pl
from world import DAYS, bars_of, returns, sessions, subject_of

from breadthflow_engine.leaks.subject import Subject
from planted.leak import Planted


def renamed_copy(lag: int, days: int = DAYS) -> Subject:
    """S00 again as `NEW`, each of its bars `lag` bars later (or earlier, where negative)."""
    bars = bars_of(*returns())
    all_days = sessions()
    one = bars.filter(pl.col("symbol") == "S00").sort("date")
    span = slice(max(0, lag), min(days, DAYS + min(0, lag)))
    source = slice(span.start - lag, span.stop - lag)
    moved = one[source].with_columns(
        pl.lit("NEW").alias("symbol"), pl.Series("date", all_days[span])
    )
    return subject_of(pl.concat([bars, moved]))


IN_COPIES = (
    Planted(
        "test rows under another date",
        "a symbol's later bars stand in the training window under a new name",
        "duplicate_rows",
        lambda: renamed_copy(-200),
        frozenset({"survivorship"}),
    ),
    Planted(
        "a symbol under two names",
        "every row counts twice",
        "symbol_copies",
        lambda: renamed_copy(0),
    ),
    Planted(
        "a symbol that another one announces",
        "the same bars one day later under another name",
        "symbol_copies",
        lambda: renamed_copy(1),
        frozenset({"duplicate_rows", "survivorship", "stamped_early"}),
    ),
)

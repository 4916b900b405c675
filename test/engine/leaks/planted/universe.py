"""Symbols that are there because they lasted."""

from __future__ import annotations

import polars as pl
from world import bars_of, returns, sessions, subject_of

from breadthflow_engine.leaks.subject import Subject
from planted.leak import Planted


def joining_only() -> Subject:
    """A quarter of today's members were listed on the way, and nobody ever left."""
    days = sessions()
    late = {f"S{place:02d}": days[40 + 5 * place] for place in range(10)}
    bars = bars_of(*returns())
    return subject_of(
        bars.filter(
            pl.col("date")
            >= pl.col("symbol").replace_strict(late, default=days[0], return_dtype=pl.Date)
        )
    )


IN_UNIVERSE = (
    Planted(
        "universe of the last day",
        "companies join and none ever leaves",
        "survivorship",
        joining_only,
    ),
)

"""Symbols that come and go."""

from __future__ import annotations

import polars as pl
from world import bars_of, returns, sessions, subject_of

from breadthflow_engine.leaks.subject import Subject
from look_alikes.look_alike import LookAlike


def leavers() -> Subject:
    """Companies are listed, and others fail."""
    days = sessions()
    bars = bars_of(*returns())
    first = {f"S{place:02d}": days[40 + 5 * place] for place in range(10)}
    last = {f"S{place:02d}": days[250 + 5 * place] for place in range(15, 25)}
    symbol = pl.col("symbol")
    return subject_of(
        bars.filter(
            (pl.col("date") >= symbol.replace_strict(first, default=days[0], return_dtype=pl.Date))
            & (
                pl.col("date")
                <= symbol.replace_strict(last, default=days[-1], return_dtype=pl.Date)
            )
        )
    )


IN_UNIVERSE = (LookAlike("listings and failures", "some join and some leave", leavers),)

"""Bars that tell of later ones."""

from __future__ import annotations

import numpy as np
import polars as pl
from world import CLOSE, bars_of, returns, subject_of

from breadthflow_engine.leaks.subject import Subject
from planted.leak import Planted


def stamped_early() -> Subject:
    """Six symbols of another market whose days begin earlier: their bars bear the day before."""
    moves, volatility = returns(seed=4)
    moves = moves.copy()
    moves[:-1, :6] = moves[1:, :6]
    return subject_of(bars_of(moves, volatility))


def halted(fill: str) -> Subject:
    """Every symbol is halted for three bars now and then; the gaps are filled."""
    rng = np.random.default_rng(6)
    bars = bars_of(*returns())
    bar = pl.int_range(pl.len()).over("symbol")
    starts = {f"S{place:02d}": sorted(rng.choice(np.arange(10, 400, 12), 2)) for place in range(20)}
    gaps = pl.DataFrame(
        [
            {"symbol": symbol, "bar": int(start) + i, "halted": True}
            for symbol, found in starts.items()
            for start in found
            for i in range(3)
        ]
    ).unique()
    table = bars.with_columns(bar.alias("bar")).join(gaps, on=["symbol", "bar"], how="left")
    known = pl.when(pl.col("halted").is_null()).then(CLOSE)
    price = (known.forward_fill() if fill == "forward" else known.backward_fill()).over("symbol")
    quiet = pl.col("halted").fill_null(False)
    return subject_of(
        table.with_columns(
            *(
                pl.when(quiet).then(price).otherwise(pl.col(name)).alias(name)
                for name in ("open", "high", "low", "close")
            ),
            pl.when(quiet).then(0.0).otherwise(pl.col("volume")).alias("volume"),
        ).drop("bar", "halted")
    )


IN_BARS = (
    Planted(
        "bars stamped a day early",
        "six symbols move with the next day of the market",
        "stamped_early",
        stamped_early,
    ),
    Planted(
        "halts filled from behind",
        "the price during a halt is that at which trading resumed",
        "filled_from_future",
        lambda: halted("backward"),
    ),
)

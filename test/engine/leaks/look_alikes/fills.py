"""Fills at prices that were not known yet."""

from __future__ import annotations

import polars as pl
from planted.fills import filled
from world import CLOSE, KEY, bars_of, honest, returns, subject_of

from breadthflow_engine.leaks.subject import Subject
from look_alikes.look_alike import LookAlike


def no_gaps() -> Subject:
    """Every bar opens where the last one closed, so a fill at the open has the signal's price."""
    bars = bars_of(*returns()).sort(KEY)
    opened = CLOSE.shift(1).over("symbol").fill_null(pl.col("open"))
    return subject_of(
        bars.with_columns(
            opened.alias("open"),
            pl.max_horizontal("high", opened).alias("high"),
            pl.min_horizontal("low", opened).alias("low"),
        )
    )


def at_next_close(fills: pl.DataFrame) -> pl.DataFrame:
    closes = honest().bars.select("symbol", "date", "close")
    return (
        fills.join(closes, on=["symbol", "date"])
        .with_columns(pl.lit("close").alias("price_of"), pl.col("close").alias("price"))
        .drop("close")
    )


IN_FILLS = (
    LookAlike(
        "opens at the last close",
        "the fill has the signal's price because the next bar has it too",
        no_gaps,
    ),
    LookAlike(
        "fills at the next close", "a later price, fully paid", lambda: filled(at_next_close)
    ),
)

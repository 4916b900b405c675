"""Fills at prices that were known already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl
from world import honest

from breadthflow_engine.leaks.subject import Subject
from planted.leak import Planted


def filled(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Subject:
    subject = honest()
    assert subject.fills is not None
    return replace(subject, fills=change(subject.fills))


def at_own_close(fills: pl.DataFrame) -> pl.DataFrame:
    closes = honest().bars.select("symbol", pl.col("date").alias("signal_date"), "close")
    return fills.join(closes, on=["symbol", "signal_date"]).with_columns(
        pl.col("signal_date").alias("date"),
        pl.lit("close").alias("price_of"),
        pl.col("close").alias("price"),
    )


def stamped_tomorrow(fills: pl.DataFrame) -> pl.DataFrame:
    closes = honest().bars.select("symbol", pl.col("date").alias("signal_date"), "close")
    return fills.join(closes, on=["symbol", "signal_date"]).with_columns(
        pl.col("close").alias("price")
    )


IN_FILLS = (
    Planted(
        "fill at the signal's own close",
        "that price was part of the signal",
        "execution",
        lambda: filled(at_own_close),
    ),
    Planted(
        "fill stamped tomorrow, priced today",
        "the bar is the next one, the price is not",
        "execution",
        lambda: filled(stamped_tomorrow),
    ),
)

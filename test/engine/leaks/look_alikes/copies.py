"""Symbols and bars that are alike, and no copies."""

from __future__ import annotations

import numpy as np
import polars as pl
from world import DAYS, bars_of, returns, sessions, subject_of

from breadthflow_engine.leaks.subject import Subject
from look_alikes.look_alike import LookAlike


def share_classes() -> Subject:
    """Two classes of each of four companies: nearly the same return, day by day."""
    moves, volatility = returns(seed=14)
    moves = moves.copy()
    moves[:, 1:8:2] = moves[:, 0:8:2] + np.random.default_rng(15).normal(0, 0.0015, (DAYS, 4))
    return subject_of(bars_of(moves, volatility))


def index_fund() -> Subject:
    """The mean of all symbols is one of the symbols."""
    moves, volatility = returns(seed=17)
    moves = moves.copy()
    moves[:, 0] = moves[:, 1:].mean(axis=1)
    return subject_of(bars_of(moves, volatility))


def standing_still() -> Subject:
    """The bar of some symbols repeats for months: the same row in training and in test."""
    bars = bars_of(*returns())
    days = sessions()
    still = pl.col("symbol").is_in(["S03", "S04"]) & (pl.col("date") > days[140])
    columns = ("open", "high", "low", "close", "volume")
    return subject_of(
        bars.with_columns(
            pl.when(~still).then(pl.col(name)).forward_fill().over("symbol").alias(name)
            for name in columns
        )
    )


IN_COPIES = (
    LookAlike(
        "two share classes",
        "correlated at 0.99 and yet two shares",
        share_classes,
    ),
    LookAlike("an index among its members", "it moves with the market of its own day", index_fund),
    LookAlike(
        "prices that stand still",
        "the same bar again and again is no copied row",
        standing_still,
    ),
)

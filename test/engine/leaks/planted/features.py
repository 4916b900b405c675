"""Features that look ahead."""

from __future__ import annotations

import polars as pl
from world import CLOSE, honest, made_by

from planted.leak import Planted

IN_FEATURES = (
    Planted(
        "centred moving average",
        "half of the window lies after the day",
        "cut_features",
        lambda: made_by(honest(), (CLOSE / CLOSE.rolling_mean(5, center=True)).over("symbol")),
    ),
    Planted(
        "back-filled feature",
        "a missing value is taken from the next day that has one",
        "cut_features",
        lambda: made_by(
            honest(),
            pl.when(pl.col("date").dt.day() % 5 == 0)
            .then(pl.col("volume"))
            .backward_fill()
            .over("symbol"),
        ),
    ),
    Planted(
        "z-score over the whole history",
        "mean and deviation are those of all days",
        "cut_features",
        lambda: made_by(honest(), ((CLOSE - CLOSE.mean()) / CLOSE.std()).over("symbol")),
    ),
    Planted(
        "rank over all dates",
        "the order of a value among those of later days",
        "cut_features",
        lambda: made_by(honest(), pl.col("volume").rank()),
    ),
    Planted(
        "day that begins too early",
        "tomorrow's volume joined to today",
        "cut_features",
        lambda: made_by(honest(), pl.col("volume").shift(-1).over("symbol")),
    ),
)

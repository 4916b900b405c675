"""Features that look back only, or across one day."""

from __future__ import annotations

import polars as pl
from world import CLOSE, honest, made_by

from look_alikes.look_alike import LookAlike

EXPANDING = (CLOSE.log() - CLOSE.log().cum_sum() / CLOSE.cum_count()).over("symbol")


IN_FEATURES = (
    LookAlike(
        "expanding mean",
        "the mean of all days so far",
        lambda: made_by(honest(), EXPANDING),
    ),
    LookAlike(
        "z-score across symbols",
        "mean and deviation are those of the day",
        lambda: made_by(
            honest(),
            # In order: the last bits of a sum over a group hang on how threads cut it up.
            (pl.col("volume") - pl.col("volume").sort_by("symbol").mean().over("date"))
            / pl.col("volume").sort_by("symbol").std().over("date"),
        ),
    ),
    LookAlike(
        "exponential mean",
        "its weights reach back only",
        lambda: made_by(
            honest(), (CLOSE / CLOSE.ewm_mean(span=10, ignore_nulls=True)).over("symbol")
        ),
    ),
    LookAlike(
        "last day of the month",
        "the calendar of tomorrow is known today",
        lambda: made_by(honest(), (pl.col("date").dt.month_end() - pl.col("date")).dt.total_days()),
    ),
    LookAlike(
        "one bar's move",
        "restless days follow a jump more than they precede it",
        lambda: made_by(honest(), (CLOSE / CLOSE.shift(1)).log().abs().over("symbol")),
    ),
)

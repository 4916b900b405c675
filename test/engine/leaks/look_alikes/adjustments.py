"""Adjusted prices that tell of nothing to come."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from planted.adjustments import SPLITS, level, split_adjusted
from world import SPECS, bars_of, returns, subject_of

from breadthflow_engine.leaks.subject import Subject
from look_alikes.look_alike import LookAlike


def one_split() -> Subject:
    subject = subject_of(bars_of(*returns()), specs=level("log(close)"))
    return replace(
        subject,
        adjustments=SPLITS.head(1).with_columns(pl.lit(0.9).alias("factor")),
    )


IN_ADJUSTMENTS = (
    LookAlike(
        "real splits, adjusted throughout",
        "features are free of scale, and volumes were multiplied",
        lambda: split_adjusted(True, SPECS),
    ),
    LookAlike(
        "price level with one small spin-off",
        "the order of forty symbols hardly moves",
        one_split,
    ),
    LookAlike(
        "dollar volume over splits",
        "price times volume is the same before and after adjustment",
        lambda: split_adjusted(True, level("log(dollar_volume)")),
    ),
)

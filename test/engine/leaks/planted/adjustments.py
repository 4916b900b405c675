"""Prices and volumes that tell of adjustments still to come."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from world import SPECS, bars_of, returns, sessions, subject_of

from breadthflow_engine.language import FeatureSpec
from breadthflow_engine.leaks.subject import Subject
from planted.leak import Planted

SPLITS = pl.DataFrame(
    {
        "symbol": [f"S{place:02d}" for place in range(0, 40, 4)],
        "date": [sessions()[260 + 5 * place] for place in range(10)],
        "factor": [0.25, 0.5, 0.1, 0.25, 0.5, 0.2, 0.1, 0.25, 0.5, 0.1],
    }
)


def split_adjusted(volumes: bool, specs: tuple[FeatureSpec, ...]) -> Subject:
    """Ten splits; earlier prices are adjusted, and volumes with them or not."""
    bars = bars_of(*returns())
    if not volumes:
        later = pl.col("date") >= pl.col("_split")
        bars = (
            bars.join(SPLITS.rename({"date": "_split"}), on="symbol", how="left")
            .with_columns(
                pl.when(later)
                .then(pl.col("volume") / pl.col("factor"))
                .otherwise(pl.col("volume"))
                .alias("volume")
            )
            .drop("_split", "factor")
        )
    return replace(subject_of(bars, specs=specs), adjustments=SPLITS)


def level(expression: str) -> tuple[FeatureSpec, ...]:
    return (*SPECS, FeatureSpec("level", expression, 1))


IN_ADJUSTMENTS = (
    Planted(
        "price level in back-adjusted prices",
        "a low adjusted price tells that splits will follow",
        "adjusted_levels",
        lambda: split_adjusted(True, level("log(close)")),
    ),
    Planted(
        "volumes left unadjusted",
        "the volume steps up on the day of the split",
        "adjusted_volumes",
        lambda: split_adjusted(False, SPECS),
    ),
)

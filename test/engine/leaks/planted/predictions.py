"""Predictions that no model could have made by their day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl
from world import KEY, honest, pipeline_of, score

from breadthflow_engine.leaks.subject import Subject
from planted.leak import Planted


def smoothed(table: pl.DataFrame) -> pl.DataFrame:
    centred = pl.col("prediction").rolling_mean(5, center=True, min_samples=1).over("symbol")
    return table.with_columns(score()).select(*KEY, centred)


def scaled_by_all(table: pl.DataFrame) -> pl.DataFrame:
    column = pl.col("volatility_21")
    scaled = (column - column.mean()) / column.std()
    return table.with_columns(column.fill_nan(None)).select(*KEY, scaled.alias("prediction"))


def piped(model: Callable[[pl.DataFrame], pl.DataFrame]) -> Subject:
    return replace(honest(), pipeline=pipeline_of(model, honest()))


IN_PREDICTIONS = (
    Planted(
        "predictions smoothed both ways",
        "a prediction is averaged with those of later days",
        "cut_pipeline",
        lambda: piped(smoothed),
    ),
    Planted(
        "rows scaled by all rows",
        "the scaler saw the days that are still to come",
        "cut_pipeline",
        lambda: piped(scaled_by_all),
    ),
)

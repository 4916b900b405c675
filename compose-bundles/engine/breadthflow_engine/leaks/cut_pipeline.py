"""Predictions made again from data cut at t: the features, whatever prepares them, the model.

It finds what features alone do not show: rows that are scaled by later ones, predictions that are
smoothed or ranked with those of later days.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import Subject
from breadthflow_engine.written import counted

TOLERANCE = 1e-9
"""Of the spread of the predictions. The same rows in another table may be added up in another
order; nothing else may differ."""


def cut_pipeline(subject: Subject) -> LeakTest | None:
    pipeline = subject.pipeline
    if pipeline is None:
        return None
    changed: list[str] = []
    rows = 0
    for day in pipeline.days:
        told = pipeline.told.filter(pl.col("date") == day).select("symbol", "prediction")
        cut = pipeline.predict(subject.bars.lazy().filter(pl.col("date") <= day), day)
        both = told.join(cut, on="symbol", how="full", suffix="_cut", coalesce=True)
        apart = (pl.col("prediction") - pl.col("prediction_cut")).abs()
        known = told["prediction"].drop_nulls().drop_nans().to_numpy()
        spread = float(np.std(known)) if len(known) else 0.0
        same = (apart <= TOLERANCE * max(spread, 1e-12)) | (
            pl.col("prediction").is_nan() & pl.col("prediction_cut").is_nan()
        )
        differing = both.filter(~same.fill_null(False))
        rows += both.height
        changed += [f"{symbol} on {day}" for symbol in differing["symbol"].sort()]
    days = ", ".join(str(day) for day in pipeline.days)
    return LeakTest(
        detector="cut_pipeline",
        label="No prediction sees the future",
        tested=(
            f"{counted(rows, 'prediction')}, made again from data cut at {days}: how many of them "
            "change."
        ),
        evidence=float(len(changed)),
        limit=0.0,
        where=first_of(changed),
    )

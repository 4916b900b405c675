"""Predictions that could have been made by their day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from planted.predictions import piped
from world import KEY, SPECS, honest, score

from breadthflow_engine.language import compile_features
from breadthflow_engine.leaks.subject import Pipeline, Subject
from breadthflow_engine.steps.train.rows import TrainingRows
from breadthflow_engine.validation import make_labels
from look_alikes.look_alike import LookAlike


def own_pipeline() -> Subject:
    """The product's own way: features, label transform and elastic net, fitted in the fold."""
    subject = honest()
    names = [spec.name for spec in SPECS]
    fold = subject.folds[1]
    cut = fold.train["label_end"].max()

    def rows(table: pl.DataFrame) -> np.ndarray:
        return table.select(names).cast(pl.Float32).fill_null(float("nan")).to_numpy()

    def predictions(bars: pl.LazyFrame) -> pl.DataFrame:
        table = compile_features(bars, list(SPECS), None).collect()
        labels = make_labels(bars, subject.target).filter(pl.col("label_end") <= cut)
        train = table.join(labels, on=KEY).sort("date", "symbol")
        days = train["date"].to_physical().to_numpy()
        settings = {"label_transform": "rank_gauss", "alpha": 0.01, "l1_ratio": 0.5}
        prepared = TrainingRows(rows(train), train["label"].to_numpy(), days, ["elastic_net"])
        member = prepared.fit("elastic_net", settings, 7)
        return table.select(KEY).with_columns(pl.Series("prediction", member.predict(rows(table))))

    def predict(bars: pl.LazyFrame, day: object) -> pl.DataFrame:
        return predictions(bars).filter(pl.col("date") == day).select("symbol", "prediction")

    test_days = fold.test["date"].unique().sort()
    days = (test_days[0], test_days[len(test_days) // 2])
    return replace(subject, pipeline=Pipeline(predict, predictions(subject.bars.lazy()), days))


def ranked_in_the_day(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(score()).select(
        *KEY, pl.col("prediction").rank().over("date").cast(pl.Float64)
    )


IN_PREDICTIONS = (
    LookAlike(
        "predictions ranked within the day",
        "the symbols of a day are known together",
        lambda: piped(ranked_in_the_day),
    ),
    LookAlike(
        "the product's own fold",
        "an elastic net fitted on bars up to its purge gives the same from cut data",
        own_pipeline,
    ),
)

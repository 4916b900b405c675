"""Naive predictors that are always fitted beside the models: what any of them must beat.

Volatility: `har`, the heterogeneous autoregression of Corsi (2009), here of log volatility on the
mean log Parkinson volatility of the last day, week and month; and `parkinson_21`, the Parkinson
(1980) volatility of the last 21 bars as it is. Returns and direction: `momentum`, the return of
the last 252 bars without the last 21; and `sign`, the direction of the last `horizon` bars.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.validation import VOLATILITY_FLOOR, Target

HAR_BARS = (1, 5, 21)
_HAR_COLUMNS = [f"har_{bars}" for bars in HAR_BARS]

Floats = NDArray[np.float64]


def baseline_names(target: Target) -> tuple[str, ...]:
    """The baselines of a target."""
    if target.kind == "log_realised_volatility":
        return ("har", "parkinson_21")
    return ("momentum", "sign")


def baseline_inputs(bars: pl.LazyFrame, target: Target) -> pl.LazyFrame:
    """What the baselines are computed from: `symbol`, `date` and a few columns, of rows <= t."""
    close = pl.col("close")
    if target.kind != "log_realised_volatility":
        return bars.select(
            "symbol",
            "date",
            (close.shift(21) / close.shift(252) - 1).over("symbol").alias("momentum"),
            (close / close.shift(target.horizon) - 1).sign().over("symbol").alias("sign"),
        )
    span = (pl.col("high") / pl.col("low")).log()
    variance = pl.when((pl.col("low") > 0) & span.is_finite()).then(span**2 / (4 * math.log(2)))
    daily = variance.sqrt().clip(VOLATILITY_FLOOR).log()
    return bars.with_columns(variance.alias("_variance"), daily.alias("_daily")).select(
        "symbol",
        "date",
        *(
            pl.col("_daily").rolling_mean(bars, min_samples=1).over("symbol").alias(name)
            for bars, name in zip(HAR_BARS, _HAR_COLUMNS, strict=True)
        ),
        pl.col("_variance")
        .rolling_mean(21, min_samples=1)
        .clip(VOLATILITY_FLOOR**2)
        .sqrt()
        .log()
        .over("symbol")
        .alias("parkinson_21"),
    )


def predict_baseline(
    name: str, train: pl.DataFrame, train_label: Floats, test: pl.DataFrame
) -> Floats:
    """One baseline's predictions for the test rows, shape [test rows], always finite.

    A row that lacks an input gets the median of the training rows: no opinion.

    Args:
        name: one of `baseline_names`.
        train: `baseline_inputs` of the training rows. Only `har` is fitted; the others need the
            rows for that median alone.
        train_label: shape [train rows].
        test: `baseline_inputs` of the test rows.
    """
    if name == "har":
        return _har(_matrix(train, _HAR_COLUMNS), train_label, _matrix(test, _HAR_COLUMNS))
    known = _matrix(train, [name])
    return _filled(_matrix(test, [name]), _medians(known))[:, 0]


def _har(train: Floats, label: Floats, test: Floats) -> Floats:
    medians = _medians(train)
    complete = np.isfinite(train).all(axis=1)
    design = np.column_stack([np.ones(int(complete.sum())), train[complete]])
    weights = np.linalg.lstsq(design, label[complete], rcond=None)[0]
    return weights[0] + _filled(test, medians) @ weights[1:]


def _matrix(frame: pl.DataFrame, columns: list[str]) -> Floats:
    return frame.select(pl.col(columns).cast(pl.Float64).fill_null(float("nan"))).to_numpy()


def _medians(values: Floats) -> Floats:
    found = np.zeros(values.shape[1])
    for column in range(values.shape[1]):
        finite = values[np.isfinite(values[:, column]), column]
        if len(finite):
            found[column] = np.median(finite)
    return found


def _filled(values: Floats, fill: Floats) -> Floats:
    return np.where(np.isfinite(values), values, fill)

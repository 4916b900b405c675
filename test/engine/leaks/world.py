"""A small market that behaves, and an honest idea on it: what every leak is planted into."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl

from breadthflow_engine.language import FeatureSpec, compile_features
from breadthflow_engine.leaks.subject import Fitted, FoldRows, Pipeline, Subject
from breadthflow_engine.validation import Target, make_labels, walk_forward

DAYS, SYMBOLS, HORIZON, EMBARGO = 420, 40, 5, 5
VOLATILITY, RETURN = "log_realised_volatility", "forward_return"
KEY = ["symbol", "date"]
CLOSE, LABEL = pl.col("close"), pl.col("label")
SPECS = (
    FeatureSpec("return_5", "log(close / delay(close, 5))", 6),
    FeatureSpec("volatility_21", "stdev(log_returns, 21)", 22),
    FeatureSpec("volume_surge_21", "log(volume / mean(volume, 21))", 21),
    FeatureSpec("rank_return_21", "rank(log(close / delay(close, 21)))", 22),
)


def sessions(count: int = DAYS) -> list[dt.date]:
    """Weekdays."""
    days = (dt.date(2015, 1, 1) + dt.timedelta(days=i) for i in range(2 * count))
    return [day for day in days if day.weekday() < 5][:count]


@functools.cache
def returns(seed: int = 1, bounce: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """(days, symbols): log returns with a common factor and volatilities that last, and those
    volatilities. `bounce`: the share of a day's own move that the next day undoes."""
    rng = np.random.default_rng(seed)
    log_volatility = np.zeros((DAYS, SYMBOLS))
    state = rng.normal(0, 0.5, SYMBOLS)
    for day in range(DAYS):
        state = 0.96 * state + rng.normal(0, 0.14, SYMBOLS)
        log_volatility[day] = state
    volatility = 0.015 * np.exp(log_volatility)
    market = rng.normal(0, 0.008, (DAYS, 1))
    own = volatility * rng.normal(0, 1, (DAYS, SYMBOLS))
    own[1:] -= bounce * own[:-1]
    return market * rng.uniform(0.7, 1.3, SYMBOLS) + own, volatility


def bars_of(moves: np.ndarray, volatility: np.ndarray, seed: int = 2) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    days, symbols = moves.shape
    close = rng.uniform(20, 200, symbols) * np.exp(np.cumsum(moves, axis=0))
    before = np.vstack([close[:1], close[:-1]])
    opened = before * np.exp(0.4 * volatility * rng.normal(0, 1, moves.shape))
    reach = np.abs(volatility * rng.normal(0, 0.5, (2, days, symbols)))
    high = np.maximum(opened, close) * np.exp(reach[0])
    low = np.minimum(opened, close) * np.exp(-reach[1])
    volume = np.round(1e6 * np.exp(rng.normal(0, 0.4, moves.shape) + 8 * np.abs(moves)))
    return pl.DataFrame(
        {
            "symbol": np.repeat([f"S{place:02d}" for place in range(symbols)], days),
            "date": sessions(days) * symbols,
            **{
                name: values.T.ravel()
                for name, values in {
                    "open": opened,
                    "high": high,
                    "low": low,
                    "close": close,
                    "volume": volume,
                }.items()
            },
        }
    )


def folds_of(labels: pl.DataFrame) -> tuple[FoldRows, ...]:
    cuts = walk_forward(labels["date"], {"folds": 4, "embargo": EMBARGO}, HORIZON)
    rows = labels.select("symbol", "date", "label_end")
    return tuple(
        FoldRows(cut.index, rows.filter(cut.train_rows()), rows.filter(cut.test_rows()), EMBARGO)
        for cut in cuts
    )


def fills_of(bars: pl.DataFrame) -> pl.DataFrame:
    """Every symbol at the next open, every 20 bars."""
    return (
        bars.select(
            "symbol",
            pl.col("date").shift(1).over("symbol").alias("signal_date"),
            "date",
            pl.lit("open").alias("price_of"),
            pl.col("open").alias("price"),
            pl.int_range(pl.len()).over("symbol").alias("bar"),
        )
        .filter((pl.col("bar") > 0) & (pl.col("bar") % 20 == 1))
        .drop("bar")
    )


def subject_of(
    bars: pl.DataFrame, kind: str = VOLATILITY, specs: tuple[FeatureSpec, ...] = SPECS
) -> Subject:
    """The honest idea on some bars."""
    bars = bars.sort("symbol", "date")
    target = Target(kind=kind, horizon=HORIZON)
    labels = make_labels(bars.lazy(), target)
    days = sessions()
    subject = Subject(
        target=target,
        bars=bars,
        labels=labels,
        features=compile_features(bars.lazy(), list(specs), None).collect(),
        specs=specs,
        cuts=(days[120], days[200]),
        folds=folds_of(labels),
        fills=fills_of(bars),
    )
    return replace(
        subject,
        pipeline=pipeline_of(lambda table: table.select(*KEY, score()), subject),
        fitted=tuple(
            fitted("scaler", fold.index, moments, subject, rows_of(subject, fold))
            for fold in subject.folds
        ),
    )


@functools.cache
def honest(kind: str = VOLATILITY) -> Subject:
    """Shared: a subject is never changed, only replaced in parts."""
    return subject_of(bars_of(*returns()), kind)


def score() -> pl.Expr:
    """A model: what was fitted once on the past."""
    return (40 * pl.col("volatility_21") - pl.col("return_5")).alias("prediction")


def pipeline_of(model: Callable[[pl.DataFrame], pl.DataFrame], subject: Subject) -> Pipeline:
    """`model` makes symbol, date and prediction from features of all the days it is given."""

    def predictions(bars: pl.LazyFrame) -> pl.DataFrame:
        return model(compile_features(bars, list(SPECS), None).collect())

    def predict(bars: pl.LazyFrame, day: dt.date) -> pl.DataFrame:
        return predictions(bars).filter(pl.col("date") == day).select("symbol", "prediction")

    return Pipeline(predict, predictions(subject.bars.lazy()), subject.cuts)


def fitted(
    name: str,
    fold: int,
    fit: Callable[[pl.DataFrame], np.ndarray],
    subject: Subject,
    seen: pl.DataFrame,
) -> Fitted:
    """What `fit` made of the rows that were `seen`."""
    return Fitted(name, fold, fit(seen), all_rows(subject), fit)


def rows_of(subject: Subject, fold: FoldRows) -> pl.DataFrame:
    """Features and labels of the fold's training rows."""
    assert subject.features is not None
    assert subject.labels is not None
    return subject.features.join(subject.labels, on=KEY).join(
        fold.train.select(KEY), on=KEY, how="semi"
    )


def all_rows(subject: Subject) -> pl.DataFrame:
    assert subject.features is not None
    assert subject.labels is not None
    return subject.features.join(subject.labels, on=KEY)


def moments(rows: pl.DataFrame) -> np.ndarray:
    """What a scaler learns."""
    column = rows["volatility_21"].drop_nulls().drop_nans()
    return np.array([column.mean(), column.std()])


def with_feature(subject: Subject, values: pl.DataFrame) -> Subject:
    """Another feature beside the honest ones, as if joined from a file: symbol, date, `alien`."""
    assert subject.features is not None
    return replace(subject, features=subject.features.join(values, on=KEY, how="left"))


def made_by(subject: Subject, alien: pl.Expr) -> Subject:
    """Another feature beside the honest ones, made from bars by a pipeline of its own."""

    def compiler(bars, specs, attributes):
        table = compile_features(bars, [spec for spec in specs if spec.name != "alien"], attributes)
        return table.join(bars.select(*KEY, alien.alias("alien")), on=KEY, how="left")

    specs = (*subject.specs, FeatureSpec("alien", "close", 1))
    return replace(
        subject,
        specs=specs,
        compiler=compiler,
        features=compiler(subject.bars.lazy(), specs, None).collect(),
    )

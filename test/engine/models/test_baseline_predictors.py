"""Baselines by hand; and they know rows up to t only."""

import datetime as dt
import math

import numpy as np
import polars as pl
import pytest

from breadthflow_engine.models.baselines import (
    baseline_inputs,
    baseline_names,
    predict_baseline,
)
from breadthflow_engine.validation import Target

VOLATILITY = Target(kind="log_realised_volatility", horizon=5)
RETURNS = Target(kind="excess_return", horizon=5)


def bars(count=300, symbols="AB"):
    random = np.random.default_rng(0)
    frames = []
    for symbol in symbols:
        close = 100 * np.exp(random.normal(0, 0.02, count).cumsum())
        spread = np.exp(np.abs(random.normal(0, 0.02, count)))
        frames.append(
            pl.DataFrame(
                {
                    "symbol": [symbol] * count,
                    "date": [dt.date(2020, 1, 1) + dt.timedelta(days=i) for i in range(count)],
                    "high": close * spread,
                    "low": close / spread,
                    "close": close,
                }
            )
        )
    return pl.concat(frames)


def test_parkinson_by_hand():
    frame = bars()
    made = baseline_inputs(frame.lazy(), VOLATILITY).collect()
    span = np.log(frame["high"] / frame["low"]).to_numpy()[:300]
    expected = math.log(math.sqrt(np.mean(span[80:101] ** 2) / (4 * math.log(2))))
    assert made["parkinson_21"][100] == pytest.approx(expected)
    day = math.log(span[100] / math.sqrt(4 * math.log(2)))
    assert made["har_1"][100] == pytest.approx(day)


def test_har_is_least_squares_on_day_week_and_month():
    made = baseline_inputs(bars().lazy(), VOLATILITY).collect()
    train, test = made[:250], made[250:300]
    columns = ["har_1", "har_5", "har_21"]
    label = train.select(columns).to_numpy() @ [0.2, 0.3, 0.4] - 1.0
    expected = test.select(columns).to_numpy() @ [0.2, 0.3, 0.4] - 1.0
    assert predict_baseline("har", train, label, test) == pytest.approx(expected)


def test_momentum_and_sign_by_hand():
    frame = bars()
    made = baseline_inputs(frame.lazy(), RETURNS).collect()
    close = frame["close"]
    assert made["momentum"][280] == pytest.approx(close[259] / close[28] - 1)
    assert made["sign"][280] == math.copysign(1, close[280] / close[275] - 1)


@pytest.mark.parametrize("target", [VOLATILITY, RETURNS])
def test_baselines_know_rows_up_to_t_only(target):
    frame = bars()
    cut = frame.filter(pl.col("date") <= dt.date(2020, 1, 1) + dt.timedelta(days=270))
    whole = baseline_inputs(frame.lazy(), target).collect()
    part = baseline_inputs(cut.lazy(), target).collect()
    same = whole.join(part.select("symbol", "date"), on=["symbol", "date"], how="semi")
    assert same.equals(part)


@pytest.mark.parametrize("target", [VOLATILITY, RETURNS])
def test_missing_inputs_give_no_opinion_rather_than_nothing(target):
    frame = bars().with_columns(
        high=pl.when(pl.col("date").dt.day() == 3).then(None).otherwise(pl.col("high"))
    )
    made = baseline_inputs(frame.lazy(), target).collect()
    label = np.random.default_rng(0).normal(size=250)
    for name in baseline_names(target):
        assert np.isfinite(predict_baseline(name, made[:250], label, made)).all()

"""Target weights: who is held, and with how much."""

from __future__ import annotations

from math import log, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from breadthflow_engine.backtest.schedule import rebalance_days
from breadthflow_engine.backtest.targets import equal_weights, target_weights


def weights_of(prediction: list[float], strategy="long_short", quantile=0.25) -> list[float]:
    return target_weights(np.array([prediction]), strategy, quantile)[0].tolist()


def test_long_short_holds_the_best_against_the_worst():
    predicted = [3.0, nan, 1, 8, 2, 5, 7, 4, 6]
    assert weights_of(predicted) == [0, 0, -0.25, 0.25, -0.25, 0, 0.25, 0, 0]


def test_long_only_holds_the_best():
    assert weights_of([3.0, nan, 1, 8, 2], "long_only", 0.5) == [0.5, 0, 0, 0.5, 0]


def test_inverse_volatility_weighs_the_whole_universe():
    predicted = [log(0.01), log(0.02), nan, log(0.04)]
    assert weights_of(predicted, "inverse_volatility") == pytest.approx([4 / 7, 2 / 7, 0, 1 / 7])


def test_inverse_volatility_survives_extreme_predictions():
    assert weights_of([-800.0, 0.0, 800.0], "inverse_volatility") == pytest.approx([1, 0, 0])


@pytest.mark.parametrize("strategy", ["long_short", "long_only"])
def test_predictions_that_do_not_differ_hold_nothing(strategy):
    assert weights_of([0.1, 0.1, 0.1], strategy) == [0, 0, 0]


@pytest.mark.parametrize("strategy", ["long_short", "long_only", "inverse_volatility"])
def test_one_symbol_is_no_cross_section(strategy):
    assert weights_of([nan, 0.1], strategy) == [0, 0]


def test_at_least_one_symbol_is_held_on_each_side():
    assert weights_of([1.0, 2.0, 3.0], quantile=0.01) == [-0.5, 0, 0.5]


@given(
    some.lists(some.floats(-5, 5) | some.just(nan), min_size=1, max_size=30),
    some.sampled_from(["long_short", "long_only", "inverse_volatility"]),
    some.floats(0.01, 0.5),
)
@settings(deadline=None)
def test_weights_add_up(prediction, strategy, quantile):
    weights = np.array(weights_of(prediction, strategy, quantile))
    assert np.abs(weights).sum() == pytest.approx(1) or not weights.any()
    assert weights[np.isnan(prediction)].tolist() == [0] * int(np.isnan(prediction).sum())
    if strategy == "long_short":
        assert weights.sum() == pytest.approx(0)
    else:
        assert weights.min() >= 0


def test_the_benchmark_holds_what_was_predicted():
    assert equal_weights(np.array([[1.0, nan, 2.0], [nan] * 3])).tolist() == [
        [0.5, 0, 0.5],
        [0, 0, 0],
    ]


def test_signals_are_taken_every_few_bars_and_wait_for_predictions():
    predicted = np.full((12, 2), nan)
    predicted[[1, 2, 3, 4, 6, 7, 8, 11]] = 1.0
    assert rebalance_days(predicted, 3).tolist() == [1, 4, 7, 11]
    assert rebalance_days(predicted, 4).tolist() == [1, 6, 11]

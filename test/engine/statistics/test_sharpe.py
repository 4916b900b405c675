"""Sharpe statistics beyond the numbers that their authors published (see test_published.py)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from breadthflow_engine.statistics import (
    deflated_sharpe,
    expected_maximum_sharpe,
    minimum_track_record,
    moments,
    probabilistic_sharpe,
    sharpe_ratio,
)


def test_one_trial_needs_no_deflation():
    assert expected_maximum_sharpe(1, 0.01) == 0
    assert deflated_sharpe(0.1, 500, -0.5, 5, 1, 0.01) == probabilistic_sharpe(0.1, 500, -0.5, 5)


def test_expected_maximum_is_that_of_simulated_noise():
    rng = np.random.default_rng(3)
    best = rng.normal(0, 0.05, size=(20_000, 100)).max(axis=1).mean()
    assert expected_maximum_sharpe(100, 0.05**2) == pytest.approx(best, rel=0.015)


def test_more_trials_raise_the_bar():
    bars = [expected_maximum_sharpe(trials, 0.002) for trials in (1, 1.5, 2, 10, 100, 1000)]
    assert bars == sorted(bars)
    assert bars[-1] > bars[2] > 0


def test_moments_are_scipys():
    returns = np.random.default_rng(5).standard_t(5, size=400) * 0.01 + 0.001
    found = moments(returns)
    assert found.skew == pytest.approx(stats.skew(returns), rel=1e-12)
    assert found.kurtosis == pytest.approx(stats.kurtosis(returns, fisher=False), rel=1e-12)
    assert found.sharpe == pytest.approx(returns.mean() / returns.std(ddof=1), rel=1e-12)
    assert sharpe_ratio(returns, 252) == pytest.approx(found.sharpe * math.sqrt(252))


def test_what_is_missing_is_left_out():
    returns = np.array([0.01, np.nan, -0.02, np.inf, 0.03])
    assert moments(returns).observations == 3
    assert sharpe_ratio(returns) == sharpe_ratio([0.01, -0.02, 0.03])


@pytest.mark.parametrize("returns", [[], [0.01], [0.001] * 50, [math.nan] * 9])
def test_a_sharpe_ratio_that_cannot_be_known_is_absent(returns: list[float]):
    assert sharpe_ratio(returns) is None


def test_impossible_arguments_are_refused():
    with pytest.raises(ValueError, match="two observations"):
        probabilistic_sharpe(0.1, 1)
    with pytest.raises(ValueError, match="leave no variance"):
        probabilistic_sharpe(1.0, 50, skew=4.0, kurtosis=1.0)
    with pytest.raises(ValueError, match="one trial"):
        expected_maximum_sharpe(0, 0.1)
    with pytest.raises(ValueError, match="variance"):
        expected_maximum_sharpe(5, -0.1)


def test_after_the_minimum_track_record_the_probability_is_what_was_asked_for():
    needed = minimum_track_record(0.1, skew=-1, kurtosis=8, benchmark=0.02, confidence=0.9)
    assert needed is not None
    reached = probabilistic_sharpe(0.1, needed, skew=-1, kurtosis=8, benchmark=0.02)
    assert reached == pytest.approx(0.9, rel=1e-12)


@pytest.mark.parametrize("sharpe", [0.0, -0.3])
def test_no_record_is_long_enough_for_a_ratio_that_is_not_above_the_benchmark(sharpe: float):
    assert minimum_track_record(sharpe) is None


def test_track_records_of_many_are_those_of_each():
    sharpe = np.array([0.1, 0.02, -0.1])
    found = minimum_track_record(sharpe, np.array([-1.0, 0.0, 0.0]), 5.0, 0.02, 0.9)
    assert found[0] == pytest.approx(minimum_track_record(0.1, -1.0, 5.0, 0.02, 0.9))
    assert np.isnan(found[1:]).all(), "no record is long enough, which is no number"


def test_arrays_give_what_numbers_give():
    trials = np.array([1.0, 1.5, 46, 100])
    curve = deflated_sharpe(2.5 / math.sqrt(250), 1250, -3, 10, trials, 0.5 / 250)
    alone = [deflated_sharpe(2.5 / math.sqrt(250), 1250, -3, 10, n, 0.5 / 250) for n in trials]
    assert curve.tolist() == alone
    sharpes = np.array([0.0, 0.1, 0.2])
    assert probabilistic_sharpe(sharpes, 250).tolist() == [
        probabilistic_sharpe(sharpe, 250) for sharpe in sharpes
    ]
    with pytest.raises(ValueError, match="two observations"):
        probabilistic_sharpe(sharpes, np.array([250, 1, 250]))
    with pytest.raises(ValueError, match="confidence"):
        minimum_track_record(0.1, confidence=0.4)

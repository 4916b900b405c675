"""Headline numbers by hand, and their intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from breadthflow_engine.metrics import icir
from breadthflow_engine.statistics import HEADLINES, headline_measures, icir_measure


def returns(count: int = 500) -> np.ndarray:
    return np.random.default_rng(1).normal(0.0008, 0.01, count)


def test_the_numbers_are_those_of_their_definitions():
    values = np.array([0.10, -0.20, 0.0, 0.05, -0.10])
    found = {name: measure.value for name, measure in headline_measures(values).items()}
    equity = [1.10, 0.88, 0.88, 0.924, 0.8316]
    assert found["annual_return"] == pytest.approx(0.8316 ** (252 / 5) - 1)
    assert found["annual_volatility"] == pytest.approx(values.std(ddof=1) * math.sqrt(252))
    assert found["sharpe"] == pytest.approx(values.mean() / values.std(ddof=1) * math.sqrt(252))
    assert found["max_drawdown"] == pytest.approx(equity[-1] / 1.10 - 1)
    assert found["calmar"] == pytest.approx((0.8316 ** (252 / 5) - 1) / (1 - equity[-1] / 1.10))
    assert found["hit_rate"] == 2 / 4


def test_a_loss_on_the_first_day_is_a_drawdown():
    assert headline_measures([-0.5, 0.1])["max_drawdown"].value == pytest.approx(-0.5)


def test_every_number_has_an_interval_around_it():
    for measure in headline_measures(returns()).values():
        assert measure.reason is None
        assert measure.lower < measure.upper  # type: ignore[operator]
    sharpe = headline_measures(returns())["sharpe"]
    assert sharpe.lower < sharpe.value < sharpe.upper  # type: ignore[operator]


def test_the_sharpe_interval_is_as_wide_as_theory_says():
    """Lo (2002): normal returns have a standard error of sqrt((1 + SR²/2) / T) a period."""
    measure = headline_measures(returns(2000), replicates=2000)["sharpe"]
    expected = 2 * 1.96 * math.sqrt(252 / 2000)
    assert measure.upper - measure.lower == pytest.approx(expected, rel=0.1)  # type: ignore


def test_the_icir_is_that_of_the_leaderboard_with_an_interval_around_it():
    """Its interval is as wide as that of a Sharpe ratio of one period (Lo, 2002)."""
    ic = np.random.default_rng(3).normal(0.03, 0.15, 2000)
    found = icir_measure(np.append(ic, np.nan), replicates=2000)
    assert found.value == pytest.approx(icir(ic))
    assert found.lower < found.value < found.upper  # type: ignore[operator]
    assert found.upper - found.lower == pytest.approx(2 * 1.96 / math.sqrt(2000), rel=0.1)  # type: ignore


@pytest.mark.parametrize(
    ("ic", "value", "why"),
    [
        ([], None, "0 daily ICs"),
        ([0.1], None, "1 daily ICs"),
        ([0.1, 0.1], None, "divides by something that is 0"),
        ([0.1, 0.2], 0.15 / np.std([0.1, 0.2], ddof=1), "fewer than 20 days"),
    ],
)
def test_of_few_or_equal_ics_there_is_no_icir_or_no_interval(ic, value, why):
    found = icir_measure(ic)
    assert found.value == (None if value is None else pytest.approx(value))
    assert found.lower is None
    assert why in (found.reason or "")


def test_ruin_is_a_return_of_minus_one():
    values = np.append(returns(50), [-1.0, 0.5])
    found = headline_measures(values)
    assert found["annual_return"].value == -1
    assert found["max_drawdown"].value == -1


def test_missing_returns_are_left_out():
    values = returns(100)
    spoilt = np.insert(values, 10, [np.nan, np.inf])
    assert headline_measures(spoilt) == headline_measures(values)


@pytest.mark.parametrize("values", [[], [0.01], [math.nan] * 30, [0.0] * 100])
def test_nothing_is_said_of_a_book_without_returns(values):
    for measure in headline_measures(values).values():
        assert measure.value is None
        assert measure.lower is None
        assert measure.reason


def test_a_few_returns_have_numbers_but_no_interval():
    measure = headline_measures(returns(19))["annual_return"]
    assert measure.value is not None
    assert measure.lower is None
    assert "fewer than 20" in (measure.reason or "")


def test_constant_returns_have_no_ratio():
    found = headline_measures([0.001] * 100)
    for name in ("sharpe", "calmar"):
        assert found[name].value is None
        assert found[name].reason
    assert found["max_drawdown"].value == 0
    assert found["hit_rate"].value == 1


def test_one_trade_in_a_year_tells_too_little_for_an_interval_of_its_hit_rate():
    values = np.zeros(250)
    values[100] = 0.02
    found = headline_measures(values)["hit_rate"]
    assert found.value == 1
    assert set(HEADLINES) == set(headline_measures(values))


def test_a_block_below_one_is_refused():
    with pytest.raises(ValueError, match="block"):
        headline_measures(returns(), min_block=0)

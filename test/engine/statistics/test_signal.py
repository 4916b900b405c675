"""Signal speed and the cost of following it, against a simulated book."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from breadthflow_engine.statistics import rank_autocorrelation, turnover_adjusted_ic


def signal(rho: float, days: int = 400, symbols: int = 300) -> np.ndarray:
    rng = np.random.default_rng(1)
    values = rng.standard_normal((days, symbols))
    for day in range(1, days):
        values[day] = rho * values[day - 1] + (1 - rho**2) ** 0.5 * values[day]
    return values


def test_the_rank_autocorrelation_is_spearmans():
    values = signal(0.8, 6, 20)
    values[2, :5] = np.nan
    expected = []
    for now, before in zip(values[2:], values[:-2], strict=True):
        both = np.isfinite(now) & np.isfinite(before)
        expected.append(spearmanr(now[both], before[both]).statistic)
    assert rank_autocorrelation(values, 2) == pytest.approx(np.mean(expected))


@pytest.mark.parametrize(
    "values", [np.ones((5, 6)), np.full((5, 6), np.nan), np.eye(5)[:, :2], np.ones((1, 6))]
)
def test_a_signal_that_cannot_be_ranked_twice_has_none(values):
    assert rank_autocorrelation(values, 1) is None


@pytest.mark.parametrize("rho", [0.0, 0.9])
def test_what_is_left_is_what_a_book_earns(rho):
    """A book with weights ∝ the signal over simulated returns, costs deducted trade by trade."""
    rng = np.random.default_rng(2)
    score, dispersion, cost, ic = signal(rho), 0.04, 0.0006, 0.05
    noise = rng.standard_normal(score.shape)
    earned = dispersion * (ic * score + (1 - ic**2) ** 0.5 * noise)
    weights = score / np.abs(score).sum(axis=1, keepdims=True)
    traded = np.abs(np.diff(weights, axis=0)).sum(axis=1).mean()
    net = (weights * earned).sum(axis=1).mean() - cost * traded
    found = turnover_adjusted_ic(ic, rho, dispersion, cost)
    assert found.turnover == pytest.approx(traded, rel=0.02)
    per_unit = dispersion / (2 / np.pi) ** 0.5
    gross = (weights * earned).sum(axis=1).mean() / per_unit
    assert found.value == pytest.approx(net / per_unit - gross + ic, abs=2e-4)


def test_a_signal_that_never_changes_costs_nothing():
    assert turnover_adjusted_ic(0.03, 1.0, 0.02, 0.001).value == 0.03


def test_without_dispersion_there_is_nothing_to_earn():
    found = turnover_adjusted_ic(0.03, 0.5, 0.0, 0.001)
    assert found.value is None
    assert "do not differ" in (found.reason or "")


@pytest.mark.parametrize("wrong", [(1.5, 0, 1, 0), (0, -2, 1, 0), (0, 0, 1, -1)])
def test_impossible_arguments_are_refused(wrong):
    with pytest.raises(ValueError, match="no such IC"):
        turnover_adjusted_ic(*wrong)

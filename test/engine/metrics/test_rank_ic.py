"""The daily rank IC against scipy's Spearman correlation, day by day."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import r2_score, root_mean_squared_error

from breadthflow_engine.metrics import DailyRankIC, fold_means, icir, mean_ic, r2, rmse


@settings(max_examples=50, deadline=None)
@given(
    sizes=st.lists(st.integers(3, 40), min_size=1, max_size=8),
    seed=st.integers(0, 10_000),
    ties=st.booleans(),
)
def test_each_day_is_spearmans_correlation(sizes, seed, ties):
    random = np.random.default_rng(seed)
    days = np.repeat(np.arange(len(sizes)), sizes)
    label = random.normal(size=len(days))
    prediction = label + random.normal(size=len(days))
    if ties:
        label, prediction = label.round(), prediction.round()
    ic = DailyRankIC(days, label)(prediction)
    for day in range(len(sizes)):
        p, y = prediction[days == day], label[days == day]
        if np.ptp(y) == 0:
            assert np.isnan(ic[day])
        elif np.ptp(p) == 0:
            assert ic[day] == 0
        else:
            assert ic[day] == pytest.approx(spearmanr(p, y).statistic, abs=1e-12)


def test_a_day_of_two_symbols_has_no_ic():
    ic = DailyRankIC(np.array([0, 0, 1, 1, 1]), np.array([1.0, 2, 1, 2, 3]))
    found = ic(np.array([1.0, 2, 3, 2, 1]))
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(-1)
    assert mean_ic(found) == pytest.approx(-1)


def test_not_a_number_is_refused_rather_than_ranked():
    with pytest.raises(ValueError, match="not finite"):
        DailyRankIC(np.zeros(3), np.array([1.0, 2, 3]))(np.array([1.0, np.nan, 3]))


def test_means_leave_out_days_without_an_ic():
    ic = np.array([0.1, np.nan, 0.3, 0.5])
    assert fold_means(ic, np.array([0, 0, 1, 1]), 2) == pytest.approx([0.1, 0.4])
    assert icir(ic) == pytest.approx(0.3 / np.std([0.1, 0.3, 0.5], ddof=1))
    assert np.isnan(icir(np.array([0.1])))
    assert np.isnan(mean_ic(np.array([np.nan])))


def test_errors_are_scikit_learns():
    random = np.random.default_rng(0)
    label = random.normal(size=50)
    prediction = label + random.normal(size=50)
    assert rmse(prediction, label) == pytest.approx(root_mean_squared_error(label, prediction))
    assert r2(prediction, label) == pytest.approx(r2_score(label, prediction))
    assert np.isnan(r2(prediction, np.ones(50)))

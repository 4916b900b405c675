"""The permutation null: its width, its p-values, and what memory does to it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from breadthflow_engine.statistics import rank_ic_null


def panel(days: int, symbols: int, seed: int, edge: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    label = rng.standard_normal((days, symbols))
    return edge * label + rng.standard_normal((days, symbols)), label


def test_the_value_is_the_mean_daily_rank_correlation():
    rng = np.random.default_rng(2)
    prediction, label = panel(40, 12, 1, 0.3)
    prediction[rng.random(prediction.shape) < 0.2] = np.nan
    label[rng.random(label.shape) < 0.1] = np.nan
    prediction = np.round(prediction, 1)
    expected = [
        spearmanr(p[both], q[both]).statistic
        for p, q in zip(prediction, label, strict=True)
        for both in [np.isfinite(p) & np.isfinite(q)]
    ]
    assert rank_ic_null(prediction, label, replicates=2).value == pytest.approx(np.mean(expected))


def test_the_null_is_centred_and_as_wide_as_theory_says():
    """The rank correlation of independent values has a variance of 1 / (symbols - 1)."""
    found = rank_ic_null(*panel(50, 21, 3), replicates=4000)
    assert found.null.mean() == pytest.approx(0, abs=0.002)
    assert found.null.std() == pytest.approx((1 / 20 / 50) ** 0.5, rel=0.05)


def test_symbols_that_are_missing_on_a_day_do_not_bias_it():
    prediction, label = panel(60, 15, 4)
    prediction[np.random.default_rng(5).random(prediction.shape) < 0.4] = np.nan
    found = rank_ic_null(prediction, label, block=6, replicates=4000)
    counts = np.isfinite(prediction).sum(axis=1)
    assert found.null.mean() == pytest.approx(0, abs=0.004)
    assert found.null.var() >= np.mean(1 / (counts - 1)) / 60 * 0.9


def test_p_values_of_noise_are_uniform_and_those_of_an_edge_are_small():
    noise = [rank_ic_null(*panel(30, 15, seed), replicates=99).p_value for seed in range(200)]
    assert np.mean(np.array(noise) <= 0.1) == pytest.approx(0.1, abs=0.06)
    assert rank_ic_null(*panel(30, 15, 3, 0.8), replicates=999).p_value == 0.001


def test_labels_that_overlap_need_blocks():
    """Predictions and labels that stand still for ten days: shuffled day by day, the null would be
    three times too narrow."""
    prediction, label = panel(30, 25, 6)
    slow = [np.repeat(values, 10, axis=0) for values in (prediction, label)]
    by_day = rank_ic_null(*slow, replicates=2000).null.std()
    by_block = rank_ic_null(*slow, block=10, replicates=2000).null.std()
    assert by_block / by_day == pytest.approx(10**0.5, rel=0.1)


def test_it_repeats_for_a_seed():
    table = panel(20, 10, 7)
    first, again = (rank_ic_null(*table, seed=3, replicates=50).null for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, rank_ic_null(*table, seed=4, replicates=50).null)


@pytest.mark.parametrize(
    ("prediction", "label"),
    [
        (np.ones((30, 5)), np.random.default_rng(1).standard_normal((30, 5))),
        (np.full((30, 5), np.nan), np.ones((30, 5))),
        (*panel(1, 10, 1),),
        (*panel(30, 2, 1),),
        (np.empty((0, 0)), np.empty((0, 0))),
    ],
)
def test_what_cannot_be_ranked_is_absent_with_its_reason(prediction, label):
    found = rank_ic_null(prediction, label, replicates=10)
    assert found.value is None
    assert found.p_value is None
    assert "days have a rank IC" in (found.reason or "")


def test_shapes_that_differ_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        rank_ic_null(np.ones((3, 4)), np.ones((3, 5)))

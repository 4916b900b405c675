"""CSCV against a plain reading of the paper, and on trials whose answer is known."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from breadthflow_engine.statistics import backtest_overfitting


def by_the_book(table: np.ndarray, blocks: int) -> list[float]:
    """Steps 2 to 5 of the paper's algorithm, one combination at a time; Sharpe ratios."""
    parts = np.split(table, blocks)
    logits = []
    for picked in itertools.combinations(range(blocks), blocks // 2):
        ours = np.concatenate([parts[b] for b in picked])
        theirs = np.concatenate([parts[b] for b in range(blocks) if b not in picked])
        inside = ours.mean(axis=0) / ours.std(axis=0, ddof=1)
        outside = theirs.mean(axis=0) / theirs.std(axis=0, ddof=1)
        best = int(np.argmax(inside))
        rank = 1 + sum(value < outside[best] for value in outside)
        share = rank / (table.shape[1] + 1)
        logits.append(math.log(share / (1 - share)))
    return logits


def noise(rows: int, trials: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.01, (rows, trials))


def test_every_logit_is_that_of_the_papers_algorithm():
    table = noise(96, 9)
    found = backtest_overfitting(table, blocks=8)
    expected = by_the_book(table, 8)
    np.testing.assert_allclose(found.logits, expected, atol=1e-12)
    assert found.probability == np.mean(np.array(expected) <= 0)


def test_sixteen_blocks_make_12870_combinations():
    found = backtest_overfitting(noise(320, 20))
    assert found.logits.shape == found.in_sample.shape == found.out_of_sample.shape == (12_870,)
    assert (found.trials, found.blocks) == (20, 16)


def test_noise_is_overfitted_half_of_the_time():
    found = [backtest_overfitting(noise(480, 40, seed), blocks=10) for seed in range(30)]
    assert np.mean([one.probability for one in found]) == pytest.approx(0.5, abs=0.1)


def test_a_trial_that_is_really_better_is_no_overfitting():
    table = noise(480, 40)
    table[:, 7] += 0.005
    found = backtest_overfitting(table, blocks=10)
    assert found.probability == 0
    assert found.loss == 0


def test_trials_that_only_borrow_from_another_time_are_always_overfitted():
    """With equal totals, what is above the mean in one half is below it in the other."""
    table = noise(480, 40)
    found = backtest_overfitting(table - table.mean(axis=0), blocks=10, measure="mean")
    assert found.probability == 1
    assert found.loss == 1


def test_the_level_of_the_returns_costs_no_precision():
    table = noise(160, 6)
    shifted = backtest_overfitting(table + 1e6, blocks=4, measure="mean")
    expected = backtest_overfitting(table, blocks=4, measure="mean")
    np.testing.assert_array_equal(shifted.logits, expected.logits)


def test_rows_that_do_not_divide_into_blocks_all_count():
    table = noise(101, 5)
    found = backtest_overfitting(table, blocks=4, measure="mean")
    halves = found.in_sample + found.out_of_sample
    assert np.isfinite(halves).all()
    assert len(halves) == 6


def test_ties_share_their_rank():
    table = np.repeat(noise(64, 1), 3, axis=1)
    found = backtest_overfitting(table, blocks=4)
    np.testing.assert_allclose(found.logits, 0, atol=1e-12)


def test_missing_days_and_idle_trials_are_left_out():
    table = noise(200, 6)
    spoilt = np.column_stack([table, np.zeros(200)])
    spoilt = np.insert(spoilt, 50, np.nan, axis=0)
    found = backtest_overfitting(spoilt, blocks=8)
    assert found.trials == 6
    np.testing.assert_array_equal(found.logits, backtest_overfitting(table, blocks=8).logits)


def test_a_trial_that_stood_still_in_a_half_has_a_ratio_of_zero_there():
    table = noise(64, 3)
    table[:32, 1] = 0
    found = backtest_overfitting(table, blocks=2)
    assert np.isfinite(found.in_sample).all()
    assert np.isfinite(found.out_of_sample).all()


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (noise(200, 1), "1 trials"),
        (np.zeros((200, 5)), "0 trials"),
        (np.full((200, 5), np.nan), "0 periods|0 trials|5 trials"),
        (noise(2, 5), "2 periods"),
        (np.empty((0, 4)), "periods"),
    ],
)
def test_what_cannot_be_known_is_absent_with_its_reason(table, reason):
    found = backtest_overfitting(table)
    assert found.probability is None
    assert found.loss is None
    assert len(found.logits) == 0
    assert found.reason is not None
    assert any(part in found.reason for part in reason.split("|"))


@pytest.mark.parametrize("blocks", [0, 3, -2])
def test_an_odd_number_of_blocks_is_refused(blocks):
    with pytest.raises(ValueError, match="even number"):
        backtest_overfitting(noise(100, 3), blocks=blocks)

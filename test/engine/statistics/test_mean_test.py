"""The t test that knows of memory."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from breadthflow_engine.statistics import block_bootstrap_interval, mean_test, optimal_block_length
from breadthflow_engine.statistics.memory import cosine_terms, cosine_variance


def remembering(count: int, memory: float, seed: int) -> np.ndarray:
    values = np.random.default_rng(seed).standard_normal(count)
    for place in range(1, count):
        values[place] += memory * values[place - 1]
    return values


def test_without_memory_it_is_students():
    values = np.random.default_rng(1).normal(0.05, 1, 400)
    found = mean_test(values)
    oracle = ttest_1samp(values, 0, alternative="greater")
    assert found.p_value == pytest.approx(oracle.pvalue, rel=0.2)
    bounds = ttest_1samp(values, 0).confidence_interval(0.95)
    assert found.lower == pytest.approx(bounds.low, abs=0.02)
    assert found.upper == pytest.approx(bounds.high, abs=0.02)


def test_it_agrees_with_the_bootstrap_that_it_spares():
    values = remembering(750, 0.5, 3)
    block = optimal_block_length(values)
    drawn = block_bootstrap_interval(values, block, replicates=5000)
    found = mean_test(values)
    assert found.upper - found.lower == pytest.approx(drawn.upper - drawn.lower, rel=0.2)  # type: ignore[operator]


@pytest.mark.parametrize("memory", [0.0, 0.6, 0.9, 0.95])
def test_a_mean_of_zero_is_rejected_about_as_often_as_the_level_says(memory):
    p_values = [mean_test(remembering(500, memory, seed), 5).p_value for seed in range(400)]
    assert 0.025 <= np.mean(np.array(p_values) <= 0.05) <= 0.08


def test_far_in_the_tail_memory_under_noise_is_not_rejected_too_often():
    """What the best of many trials finds: half of such a series forgets at once, which hides the
    memory of the other half."""
    rng = np.random.default_rng(4)
    far = 0
    for seed in range(1500):
        values = 0.5 * remembering(378, 0.87, seed) + rng.standard_normal(378)
        found = mean_test(values, 10)
        far += found.p_value <= 0.002  # type: ignore[operator]
    assert far <= 7, "of three expected, eight or more come up once in 100 times"


def test_the_cosines_of_noise_tell_its_variance():
    values = np.random.default_rng(2).normal(0, 3, 20_000)
    assert cosine_terms(20_000) == 294
    assert cosine_variance(values) == pytest.approx(9, rel=0.25)
    assert cosine_variance(values + 7) == pytest.approx(cosine_variance(values))


def test_longer_blocks_and_longer_memory_leave_fewer_degrees_of_freedom():
    values = remembering(200, 0.0, 1)
    few, many = mean_test(values, 50), mean_test(values, 10)
    assert few.freedom == pytest.approx(3)
    assert many.freedom == cosine_terms(200) == 13
    assert mean_test(remembering(500, 0.95, 1)).freedom < 30  # type: ignore[operator]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([], "0 values"),
        ([1.0, np.nan], "1 values"),
        ([1.0] * 50, "do not vary"),
        ([0.1, 0.2, 0.3], "fewer than two blocks of 5"),
    ],
)
def test_what_cannot_be_known_is_absent_with_its_reason(values, reason):
    found = mean_test(values, 5)
    assert found.mean is None
    assert found.p_value is None
    assert reason in (found.reason or "")


@pytest.mark.parametrize("wrong", [{"min_block": 0}, {"level": 1}])
def test_impossible_arguments_are_refused(wrong):
    with pytest.raises(ValueError, match="no such"):
        mean_test([1.0, 2.0], **wrong)

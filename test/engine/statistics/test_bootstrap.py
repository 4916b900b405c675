"""Block bootstrap: its blocks, its coverage, and block lengths against `arch.bootstrap`."""

from __future__ import annotations

import numpy as np
import pytest

from breadthflow_engine.statistics import (
    block_bootstrap_interval,
    circular_indices,
    optimal_block_length,
    stationary_indices,
)


def autoregressive(count: int, memory: float, seed: int) -> np.ndarray:
    shocks = np.random.default_rng(seed).standard_normal(count)
    values = np.zeros(count)
    for place in range(count):
        values[place] = (memory * values[place - 1] if place else 0) + shocks[place]
    return values


@pytest.mark.parametrize(
    ("count", "memory", "arch"),
    [
        (755, 0.0, 1.6457672600325786),
        (250, 0.3, 4.3622678654023765),
        (755, 0.3, 5.1437041891040565),
        (250, 0.7, 7.875813136916701),
        (755, 0.7, 13.447876798118756),
        (755, -0.4, 9.315186405344686),
    ],
)
def test_block_lengths_are_those_of_arch(count: int, memory: float, arch: float):
    """`arch.bootstrap.optimal_block_length` 8.0.0 on the same series."""
    found = optimal_block_length(autoregressive(count, memory, 11))
    assert found == pytest.approx(arch, rel=1e-10)


@pytest.mark.parametrize("values", [[], [1.0], [2.0] * 100, [np.nan] * 30])
def test_a_series_without_memory_to_measure_gets_blocks_of_one(values: list[float]):
    assert optimal_block_length(values) == 1


def test_stationary_blocks_follow_on_and_have_the_asked_mean_length():
    positions = stationary_indices(500, 10, 400, np.random.default_rng(1))
    follows = (positions[:, :-1] + 1) % 500 == positions[:, 1:]
    assert positions.min() >= 0
    assert positions.max() < 500
    assert 1 / (1 - follows.mean()) == pytest.approx(10, rel=0.05)
    counts = np.bincount(positions.ravel(), minlength=500)
    assert counts.min() > 0.5 * counts.mean(), "wrapping round leaves no end under-sampled"


def test_circular_blocks_have_one_length():
    positions = circular_indices(11, 4, 50, np.random.default_rng(1))
    assert positions.shape == (50, 11)
    follows = (positions[:, :-1] + 1) % 11 == positions[:, 1:]
    within = np.array([place % 4 != 3 for place in range(10)])
    assert follows[:, within].all()


def test_the_interval_covers_the_truth_as_often_as_it_says():
    """AR(1) with rho 0.6: an interval that forgets the memory covers about 67 %, not 95 %."""
    covered = forgetful = 0
    for seed in range(200):
        series = autoregressive(400, 0.6, seed)
        interval = block_bootstrap_interval(series, optimal_block_length(series), replicates=400)
        covered += interval.lower <= 0 <= interval.upper
        naive = block_bootstrap_interval(series, 1, replicates=400)
        forgetful += naive.lower <= 0 <= naive.upper
    assert covered / 200 >= 0.88
    assert forgetful / 200 <= 0.75


@pytest.mark.parametrize("kind", ["stationary", "circular"])
def test_the_interval_holds_the_mean_and_repeats_for_a_seed(kind):
    series = np.random.default_rng(2).normal(0.3, 1, 300)
    first = block_bootstrap_interval(series, 8, kind=kind, seed=4)
    assert first == block_bootstrap_interval(series, 8, kind=kind, seed=4)
    assert first != block_bootstrap_interval(series, 8, kind=kind, seed=5)
    assert first.lower < series.mean() < first.upper
    assert first.value == pytest.approx(series.mean())


def test_missing_values_are_left_out_and_too_few_are_refused():
    assert block_bootstrap_interval([1.0, np.nan, 3.0], 1).observations == 2
    with pytest.raises(ValueError, match="two values"):
        block_bootstrap_interval([1.0, np.nan], 1)
    with pytest.raises(ValueError, match="block"):
        block_bootstrap_interval([1.0, 2.0], 0)

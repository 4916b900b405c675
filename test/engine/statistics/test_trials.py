"""Clusters of trials whose number is known."""

from __future__ import annotations

import numpy as np
import pytest

from breadthflow_engine.statistics import effective_trials


def families(count: int, size: int, correlation: float, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    common = np.repeat(rng.standard_normal((500, count)), size, axis=1)
    own = rng.standard_normal((500, count * size))
    return common * correlation**0.5 + own * (1 - correlation) ** 0.5


@pytest.mark.parametrize(("count", "size"), [(1, 20), (5, 10), (30, 2)])
def test_variants_of_one_idea_count_once(count, size):
    found = effective_trials(families(count, size, 0.9))
    assert found.count == count
    assert found.trials == count * size
    expected = np.repeat(np.arange(count), size)
    for cluster in range(count):
        assert len(set(found.clusters[expected == cluster])) == 1


def test_ideas_of_their_own_all_count():
    assert effective_trials(families(40, 1, 0)).count == 40


def test_a_mirrored_trial_is_another_trial():
    trial = np.random.default_rng(1).standard_normal(100)
    assert effective_trials(np.column_stack([trial, -trial])).count == 2


def test_loosely_related_trials_are_not_lumped_together():
    assert effective_trials(families(1, 20, 0.3)).count == 20


def test_trials_without_results_belong_nowhere():
    table = np.column_stack([families(2, 3, 0.95), np.zeros(500)])
    table[7, 2] = np.nan
    found = effective_trials(table)
    assert found.count == 2
    assert found.clusters[-1] == -1


@pytest.mark.parametrize(
    ("table", "count", "reason"),
    [
        (np.random.default_rng(1).standard_normal((50, 1)), 1, None),
        (np.zeros((50, 3)), None, "no trial has results that vary"),
        (np.full((50, 3), np.nan), None, "no trial"),
        (np.eye(2), None, "2 periods"),
        (np.empty((0, 3)), None, "no trial"),
    ],
)
def test_one_trial_is_one_and_what_cannot_be_known_has_a_reason(table, count, reason):
    found = effective_trials(table)
    assert found.count == count
    assert found.reason == reason or (reason and reason in (found.reason or ""))


@pytest.mark.parametrize("correlation", [0, 1, -0.5])
def test_a_correlation_out_of_range_is_refused(correlation):
    with pytest.raises(ValueError, match="correlation"):
        effective_trials(families(2, 2, 0.5), correlation)

"""Greedy selection: finds the blend that helps, keeps to its limit, leaves the rest out."""

import numpy as np
import pytest

from breadthflow_engine.metrics import DailyRankIC, mean_ic
from breadthflow_engine.models.ensemble import DailyMoments, greedy_weights


def library(seed=0):
    """Two complementary candidates, a copy of one of them, and noise."""
    random = np.random.default_rng(seed)
    days = np.repeat(np.arange(60), 50)
    a, b = random.normal(size=(2, 3000))
    label = a + b + random.normal(size=3000)
    candidates = np.column_stack([a, b, a, random.normal(size=3000)])
    return days, label, candidates


def weights(days, label, candidates, members):
    ranks = DailyRankIC(days, label).ranks
    return greedy_weights(DailyMoments.of(days, candidates, ranks), members)


def test_complementary_candidates_share_and_noise_gets_nothing():
    days, label, candidates = library()
    found = weights(days, label, candidates, 4)
    assert found.sum() == pytest.approx(1)
    assert found[1] == pytest.approx(0.5, abs=0.1)
    assert found[3] < 0.06
    judge = DailyRankIC(days, label)
    best_alone = max(mean_ic(judge(candidates[:, i])) for i in range(4))
    assert mean_ic(judge(candidates @ found)) > best_alone + 0.1


@pytest.mark.parametrize("members", [1, 2, 3])
def test_never_more_members_than_allowed(members):
    assert np.count_nonzero(weights(*library(), members)) <= members


def test_a_single_candidate_gets_everything():
    days, label, candidates = library()
    assert weights(days, label, candidates[:, :1], 4).tolist() == [1.0]


def test_days_of_a_constant_label_say_nothing():
    days, label, candidates = library()
    constant = label.copy()
    constant[days < 5] = 1.0
    assert np.isfinite(weights(days, constant, candidates, 4)).all()

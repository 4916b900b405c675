"""Reality check and SPA against `arch.bootstrap`, and on trials whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from arch.bootstrap import SPA

from breadthflow_engine.statistics import bootstrap_variance, superior_ability


def differences(seed: int, best: float, poor: float = 0.0, trials: int = 12) -> np.ndarray:
    """Autocorrelated (rho 0.4) differences with one better trial and two poor ones."""
    rng = np.random.default_rng(seed)
    table = rng.standard_normal((400, trials))
    for row in range(1, len(table)):
        table[row] += 0.4 * table[row - 1]
    table[:, 3] += best
    table[:, 5:7] -= poor
    return table


@pytest.mark.parametrize(
    ("seed", "best", "poor"), [(1, 0.0, 0.0), (2, 0.15, 0.0), (3, 0.1, 2.0), (4, 0.25, 0.5)]
)
def test_p_values_are_those_of_arch(seed, best, poor):
    """Within the noise of 10,000 samples. arch does not studentise the statistic."""
    table = differences(seed, best, poor)
    oracle = SPA(np.zeros(len(table)), -table, block_size=8, reps=10_000, seed=5)
    oracle.compute()
    found = superior_ability(table, 8, replicates=10_000, studentise=False)
    ours = [found.spa_lower, found.spa, found.spa_upper]
    np.testing.assert_allclose(ours, oracle.pvalues.to_numpy(), atol=0.02)
    assert found.reality_check == pytest.approx(oracle.pvalues["upper"], abs=0.02)


def test_the_bootstrap_variance_is_that_of_arch():
    table = differences(6, 0.1)
    oracle = SPA(np.zeros(len(table)), -table, block_size=8, reps=2, seed=5)
    oracle.compute()
    np.testing.assert_allclose(bootstrap_variance(table, 8), oracle._loss_diff_var, rtol=1e-9)


def test_poor_trials_weaken_the_reality_check_but_not_the_spa():
    """Hansen's point: with many poor and erratic trials White's test loses its power."""
    rng = np.random.default_rng(3)
    table = rng.standard_normal((500, 30))
    table[:, 0] += 0.2
    table[:, 1:] = table[:, 1:] * 6 - 2
    found = superior_ability(table, 2)
    assert found.spa is not None
    assert found.reality_check is not None
    assert found.spa < 0.01
    assert found.reality_check > 0.2


def test_noise_is_rejected_as_often_as_the_level_says():
    p_values = []
    for seed in range(200):
        table = np.random.default_rng(seed).standard_normal((150, 15))
        p_values.append(superior_ability(table, 1, replicates=200, seed=seed).spa)
    assert np.mean(np.array(p_values) <= 0.1) == pytest.approx(0.1, abs=0.06)


def test_the_bounds_enclose_the_consistent_value():
    found = superior_ability(differences(9, 0.05, 0.3), 5)
    assert found.spa_lower is not None
    assert found.spa_lower <= found.spa <= found.spa_upper  # type: ignore[operator]


def test_the_best_trial_is_named_by_its_column():
    table = differences(2, 2.0)
    spoilt = np.column_stack([np.full(len(table), 9.0), table])
    found = superior_ability(np.vstack([spoilt, np.full(spoilt.shape[1], np.nan)]), 8)
    assert found.best == 4
    assert (found.trials, found.observations) == (12, 400)
    assert found.reality_check == 0


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (np.zeros((50, 3)), "no trial ever differs"),
        (np.full((50, 3), np.nan), "0 periods"),
        (np.eye(2), "2 periods"),
        (np.empty((0, 0)), "0 periods"),
    ],
)
def test_what_cannot_be_known_is_absent_with_its_reason(table, reason):
    found = superior_ability(table, 1)
    assert found.spa is None
    assert found.reality_check is None
    assert reason in (found.reason or "")


def test_a_block_below_one_is_refused():
    with pytest.raises(ValueError, match="block"):
        superior_ability(differences(1, 0), 0.5)

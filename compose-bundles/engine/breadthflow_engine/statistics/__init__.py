"""Statistics that say how much of a result could be luck. Each names its source."""

from breadthflow_engine.statistics.bootstrap import (
    Interval,
    block_bootstrap_interval,
    circular_indices,
    stationary_indices,
)
from breadthflow_engine.statistics.headline import (
    HEADLINES,
    Measure,
    headline_measures,
    icir_measure,
)
from breadthflow_engine.statistics.mean_test import MeanTest, mean_test
from breadthflow_engine.statistics.memory import (
    bootstrap_variance,
    long_run_variance,
    optimal_block_length,
)
from breadthflow_engine.statistics.multiple_tests import adjusted_p_values
from breadthflow_engine.statistics.overfitting import Overfitting, backtest_overfitting
from breadthflow_engine.statistics.permutation import PermutationNull, rank_ic_null
from breadthflow_engine.statistics.sharpe import (
    Moments,
    deflated_sharpe,
    expected_maximum_sharpe,
    minimum_track_record,
    moments,
    probabilistic_sharpe,
    sharpe_ratio,
)
from breadthflow_engine.statistics.signal import (
    AdjustedIC,
    rank_autocorrelation,
    turnover_adjusted_ic,
)
from breadthflow_engine.statistics.superiority import Superiority, superior_ability
from breadthflow_engine.statistics.trials import EffectiveTrials, effective_trials

__all__ = [
    "HEADLINES",
    "AdjustedIC",
    "EffectiveTrials",
    "Interval",
    "MeanTest",
    "Measure",
    "Moments",
    "Overfitting",
    "PermutationNull",
    "Superiority",
    "adjusted_p_values",
    "backtest_overfitting",
    "block_bootstrap_interval",
    "bootstrap_variance",
    "circular_indices",
    "deflated_sharpe",
    "effective_trials",
    "expected_maximum_sharpe",
    "headline_measures",
    "icir_measure",
    "long_run_variance",
    "mean_test",
    "minimum_track_record",
    "moments",
    "optimal_block_length",
    "probabilistic_sharpe",
    "rank_autocorrelation",
    "rank_ic_null",
    "sharpe_ratio",
    "stationary_indices",
    "superior_ability",
    "turnover_adjusted_ic",
]

"""Statistics that say how much of a result could be luck. Each names its source."""

from breadthflow_engine.statistics.bootstrap import (
    Interval,
    block_bootstrap_interval,
    circular_indices,
    optimal_block_length,
    stationary_indices,
)
from breadthflow_engine.statistics.sharpe import (
    Moments,
    deflated_sharpe,
    expected_maximum_sharpe,
    moments,
    probabilistic_sharpe,
    sharpe_ratio,
)

__all__ = [
    "Interval",
    "Moments",
    "block_bootstrap_interval",
    "circular_indices",
    "deflated_sharpe",
    "expected_maximum_sharpe",
    "moments",
    "optimal_block_length",
    "probabilistic_sharpe",
    "sharpe_ratio",
    "stationary_indices",
]

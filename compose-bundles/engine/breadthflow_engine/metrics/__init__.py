"""How good predictions are: daily rank IC first of all, then errors in the label's own unit."""

from breadthflow_engine.metrics.errors import r2, rmse
from breadthflow_engine.metrics.rank_ic import (
    MIN_SYMBOLS,
    DailyRankIC,
    fold_means,
    icir,
    mean_ic,
)

__all__ = ["MIN_SYMBOLS", "DailyRankIC", "fold_means", "icir", "mean_ic", "r2", "rmse"]

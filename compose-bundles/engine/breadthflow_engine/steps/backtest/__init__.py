"""The backtest step: out-of-fold predictions traded at the next open or close, with costs."""

from breadthflow_engine.steps.backtest.step import STEP

__all__ = ["STEP"]

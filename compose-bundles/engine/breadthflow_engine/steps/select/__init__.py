"""The select step: which features are worth training on, judged on training rows only."""

from breadthflow_engine.steps.select.step import STEP

__all__ = ["STEP"]

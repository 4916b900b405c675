"""The judge step: gates over all that the steps before it left, and the verdict they add up to."""

from breadthflow_engine.steps.judge.step import STEP

__all__ = ["STEP"]

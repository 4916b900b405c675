"""The features step: bars to a table of features, by the built-in library and the idea's own."""

from breadthflow_engine.steps.features.step import STEP

__all__ = ["STEP"]

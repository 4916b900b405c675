"""The register step: the model, its trials and its verdict, told to an MLflow server."""

from breadthflow_engine.steps.register import mlflow_settings  # noqa: F401 - before MLflow itself
from breadthflow_engine.steps.register.step import STEP

__all__ = ["STEP"]

"""What is predicted, and on which days it is trained and tested: labels and walk-forward folds."""

from breadthflow_engine.validation.folds import Fold, walk_forward
from breadthflow_engine.validation.labels import VOLATILITY_FLOOR, make_labels
from breadthflow_engine.validation.settings import Target, TargetKind, Validation

__all__ = [
    "VOLATILITY_FLOOR",
    "Fold",
    "Target",
    "TargetKind",
    "Validation",
    "make_labels",
    "walk_forward",
]

"""What is predicted, and on which days it is trained and tested: labels, folds, combinations."""

from breadthflow_engine.validation.combinatorial import (
    Combinations,
    Split,
    Window,
    combinatorial_purged,
)
from breadthflow_engine.validation.cross_section import require_cross_section
from breadthflow_engine.validation.folds import Fold, walk_forward
from breadthflow_engine.validation.labels import VOLATILITY_FLOOR, make_labels
from breadthflow_engine.validation.settings import Target, TargetKind, Validation

__all__ = [
    "VOLATILITY_FLOOR",
    "Combinations",
    "Fold",
    "Split",
    "Target",
    "TargetKind",
    "Validation",
    "Window",
    "combinatorial_purged",
    "make_labels",
    "require_cross_section",
    "walk_forward",
]

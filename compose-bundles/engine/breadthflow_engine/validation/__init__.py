"""What is predicted, and which rows it is trained and tested on: labels, folds, parts."""

from breadthflow_engine.validation.combinatorial import (
    Combinations,
    Split,
    Window,
    combinatorial_purged,
)
from breadthflow_engine.validation.cross_section import require_cross_section
from breadthflow_engine.validation.folds import Fold, walk_forward
from breadthflow_engine.validation.hold_out import Cell, Part, cells_of, held_out_parts
from breadthflow_engine.validation.labels import VOLATILITY_FLOOR, make_labels
from breadthflow_engine.validation.settings import Target, TargetKind, Validation

__all__ = [
    "VOLATILITY_FLOOR",
    "Cell",
    "Combinations",
    "Fold",
    "Part",
    "Split",
    "Target",
    "TargetKind",
    "Validation",
    "Window",
    "cells_of",
    "combinatorial_purged",
    "held_out_parts",
    "make_labels",
    "require_cross_section",
    "walk_forward",
]

"""The feature language: expressions over bars, checked for look-ahead, as one lazy Polars plan."""

from breadthflow_engine.language.checking import (
    CheckedFeatures,
    check_features,
    needed_lookback,
)
from breadthflow_engine.language.compiling import compile_features
from breadthflow_engine.language.look_ahead import Leak, look_ahead_test
from breadthflow_engine.language.nodes import FeatureSpec
from breadthflow_engine.language.operators import COLUMNS, DERIVED, OPERATORS, Operator

__all__ = [
    "COLUMNS",
    "DERIVED",
    "OPERATORS",
    "CheckedFeatures",
    "FeatureSpec",
    "Leak",
    "Operator",
    "check_features",
    "compile_features",
    "look_ahead_test",
    "needed_lookback",
]

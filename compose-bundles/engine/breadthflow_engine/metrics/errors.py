"""Errors in the label's own unit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def rmse(prediction: Floats, label: Floats) -> float:
    """Root mean squared error, in the label's unit. Both of shape [rows]."""
    return float(np.sqrt(np.mean((prediction - label) ** 2)))


def r2(prediction: Floats, label: Floats) -> float:
    """Share of the label's variance explained; 0 is the mean of the label, below 0 is worse.

    Both of shape [rows]. NaN where the label is constant.
    """
    total = float(np.sum((label - label.mean()) ** 2))
    return 1 - float(np.sum((label - prediction) ** 2)) / total if total > 0 else float("nan")

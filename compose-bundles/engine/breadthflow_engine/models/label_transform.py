"""What a model is fitted on instead of the raw label, and the way back to the label's unit.

The search is judged by the order within each day, so a model that need not explain how days
differ from each other can spend itself on how symbols differ. Transforms look at training rows
only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import rankdata

LabelTransformName = Literal["raw", "centred", "rank_gauss"]
LABEL_TRANSFORMS: tuple[LabelTransformName, ...] = ("raw", "centred", "rank_gauss")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FitLabel:
    """`values * scale + shift` is in the label's unit. `values` has shape [rows]."""

    values: Floats
    scale: float
    shift: float

    def of_rows(self, index: NDArray[np.intp]) -> FitLabel:
        """The same for some of the rows."""
        return FitLabel(self.values[index], self.scale, self.shift)


def transform_label(name: LabelTransformName, label: Floats, days: NDArray) -> FitLabel:
    """Transform the labels of the training rows.

    - `raw`: as they are.
    - `centred`: less the mean of their day. The way back adds the mean over all training rows.
    - `rank_gauss`: the normal quantile of the rank within the day. The way back multiplies by the
      mean spread within a day.

    Args:
        label: shape [rows].
        days: day of each row, equal days adjacent.
    """
    if name == "raw":
        return FitLabel(label, 1.0, 0.0)
    starts = np.concatenate(([0], np.flatnonzero(days[1:] != days[:-1]) + 1))
    counts = np.diff(np.append(starts, len(days)))
    centred = label - np.repeat(np.add.reduceat(label, starts) / counts, counts)
    shift = float(label.mean())
    if name == "centred":
        return FitLabel(centred, 1.0, shift)
    gauss = np.empty_like(label)
    for start, count in zip(starts, counts, strict=True):
        rows = slice(start, start + count)
        gauss[rows] = ndtri((rankdata(label[rows]) - 0.5) / count)
    spread = float(gauss.std())
    return FitLabel(gauss, float(centred.std()) / spread if spread > 0 else 0.0, shift)

"""The out-of-fold predictions as matrices of days by symbols."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.protocol.step import Artifact

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class PredictedPanel:
    """Shapes (D, S), NaN where a symbol has no row on a day.

    Attributes:
        rows: `symbol`, `date` and `prediction`, one row a prediction, sorted by date.
        prediction, label: as out of fold.
    """

    rows: pl.DataFrame
    prediction: Matrix
    label: Matrix


def read_panel(train: Artifact) -> PredictedPanel:
    rows = pl.read_parquet(
        train.file("predictions.parquet"), columns=["symbol", "date", "label", "prediction"]
    )
    day = rows["date"].rank("dense").to_numpy().astype(np.intp) - 1
    symbol = rows["symbol"].rank("dense").to_numpy().astype(np.intp) - 1
    shape = (int(day.max(initial=-1)) + 1, int(symbol.max(initial=-1)) + 1)

    def spread(column: str) -> Matrix:
        values = np.full(shape, np.nan)
        values[day, symbol] = rows[column].to_numpy()
        return values

    return PredictedPanel(
        rows.select("symbol", "date", "prediction").sort("date", "symbol"),
        spread("prediction"),
        spread("label"),
    )

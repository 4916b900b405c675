"""Daily log returns as a matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Returns:
    """`values`: (days, symbols), NaN where there is none."""

    symbols: list[str]
    values: Floats

    @classmethod
    def of(cls, bars: pl.DataFrame) -> Returns:
        """A return is that from the symbol's bar before, whatever day that was."""
        close = pl.when(pl.col("close") > 0).then(pl.col("close"))
        rows = bars.select(
            pl.col("date").rank("dense").cast(pl.Int64) - 1,
            pl.col("symbol"),
            (close / close.shift(1)).log().over("symbol").alias("value"),
        )
        symbols = rows["symbol"].unique().sort()
        place = rows["symbol"].cast(pl.Enum(symbols)).to_physical().to_numpy()
        day = rows["date"].to_numpy()
        values = np.full((int(day.max(initial=-1)) + 1, len(symbols)), np.nan)
        values[day, place] = rows["value"].fill_null(np.nan).to_numpy()
        return cls(symbols.to_list(), values)

    @property
    def clean(self) -> Floats:
        """0 where there is no return."""
        return np.where(np.isfinite(self.values), self.values, 0.0)

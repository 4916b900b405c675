"""A small panel with the faults of real data: late listings, missing values, a gap, ties."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

SYMBOLS = ("A", "B", "C", "D", "E", "F")


def _bars_of(symbol: str, days: list[dt.date], random: np.random.Generator) -> pl.DataFrame:
    count = len(days)
    close = 50 * np.exp(random.normal(0, 0.02, count).cumsum())
    opened = close * np.exp(random.normal(0, 0.01, count))
    wick = np.exp(np.abs(random.normal(0, 0.01, (2, count))))
    return pl.DataFrame(
        {
            "symbol": [symbol] * count,
            "date": days,
            "open": opened,
            "high": np.maximum(opened, close) * wick[0],
            "low": np.minimum(opened, close) / wick[1],
            "close": close,
            "volume": random.integers(1_000, 90_000, count),
        }
    )


@pytest.fixture(scope="session")
def bars() -> pl.DataFrame:
    random = np.random.default_rng(3)
    days = [dt.date(2020, 1, 1) + dt.timedelta(days=i) for i in range(320)]
    days = [day for day in days if day.weekday() < 5]
    frames = [
        _bars_of(symbol, days[20 * i :] if i > 3 else days, random)
        for i, symbol in enumerate(SYMBOLS)
    ]
    panel = pl.concat(frames).with_row_index("row")
    hole = (pl.col("row") % 97 == 5) & (pl.col("row") > 60)
    gap = (pl.col("symbol") == "B") & pl.col("date").is_between(days[50], days[53])
    return (
        panel.with_columns(pl.when(~hole).then("open").alias("open"))
        .with_columns(pl.when(pl.col("row") != 300).then("close").alias("close"))
        .filter(~gap)
        .drop("row")
    )


@pytest.fixture(scope="session")
def attributes() -> pl.DataFrame:
    """F has no sector."""
    return pl.DataFrame({"symbol": list(SYMBOLS[:5]), "sector": ["x", "x", "y", "y", "y"]})

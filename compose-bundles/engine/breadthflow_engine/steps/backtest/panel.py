"""Predictions and prices as matrices of date × symbol."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.protocol.errors import StepError

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """One market: D bars in time order, S symbols in alphabetical order.

    Attributes:
        dates: the days on which any symbol of the universe has a bar, length D.
        symbols: length S.
        open, close, prediction: (D, S) float64, NaN where there is none. A symbol without a
            usable close has no bar that day.
    """

    dates: pl.Series
    symbols: pl.Series
    open: Matrix
    close: Matrix
    prediction: Matrix


def make_panel(bars: pl.LazyFrame, predictions: pl.DataFrame) -> Panel:
    """Lay bars (symbol, date, open, close) and predictions (symbol, date, prediction) out.

    Only the predicted symbols are kept, and only days from the first prediction on. Prices that
    are not finite and positive count as missing.

    Raises:
        StepError: `backtest.no_predictions`, `backtest.no_bars`.
    """
    usable = predictions.filter(pl.col("prediction").is_finite())
    if usable.is_empty():
        raise StepError(
            "backtest.no_predictions",
            "The train artifact has no finite out-of-fold prediction to trade on.",
            "Look at the train step's trials: every model failed or predicted nothing.",
            file="predictions.parquet",
        )
    symbols = usable["symbol"].unique().sort()
    first = usable["date"].min()
    prices = (
        bars.select("symbol", "date", *(_price(column) for column in ("open", "close")))
        .filter(
            pl.col("date") >= first,
            pl.col("symbol").is_in(symbols.to_list()),
            pl.col("close").is_not_null(),
        )
        .collect()
    )
    if prices.is_empty():
        raise StepError(
            "backtest.no_bars",
            f"None of the {len(symbols)} predicted symbols has a bar from {first} on.",
            "Check that the bars and the predictions are of the same data set.",
        )
    dates = prices["date"].unique().sort()
    return Panel(
        dates=dates,
        symbols=symbols,
        open=_matrix(prices, "open", dates, symbols),
        close=_matrix(prices, "close", dates, symbols),
        prediction=_matrix(usable, "prediction", dates, symbols),
    )


def _price(column: str) -> pl.Expr:
    price = pl.col(column).cast(pl.Float64)
    return pl.when((price > 0) & price.is_finite()).then(price).alias(column)


def _matrix(table: pl.DataFrame, column: str, dates: pl.Series, symbols: pl.Series) -> Matrix:
    days = dates.to_physical().to_numpy()
    day = table["date"].cast(dates.dtype).to_physical().to_numpy()
    row = np.minimum(np.searchsorted(days, day), len(days) - 1)
    known = days[row] == day
    place = table["symbol"].cast(pl.Enum(symbols)).to_physical().to_numpy()
    cells = np.full((len(dates), len(symbols)), np.nan)
    values = table[column].cast(pl.Float64).fill_null(np.nan).to_numpy()
    cells[row[known], place[known]] = values[known]
    return cells

"""Prices as matrices of date × symbol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Days = NDArray[np.int64]

PRICES = ("open", "high", "low", "close")

# Adjusted closes are published with few digits; a smaller share of the price is rounding.
SMALLEST_DIVIDEND = 5e-4


@dataclass(frozen=True)
class Market:
    """D bars in time order, S symbols in alphabetical order.

    Attributes:
        dates: the days on which any symbol has a bar, length D.
        symbols: length S.
        open, high, low, close, volume: (D, S) float64, NaN where there is none. A symbol without
            a usable close has no bar that day.
        dividend: (D, S) cash per share to who held it at the last close, 0 where none; no rows
            where the data does not say.
    """

    dates: pl.Series
    symbols: pl.Series
    open: Matrix
    high: Matrix
    low: Matrix
    close: Matrix
    volume: Matrix
    dividend: Matrix

    def until(self, stop: int) -> Market:
        """The first `stop` bars."""
        return self._cut(slice(None, stop))

    def since(self, start: int) -> Market:
        """The bars from `start` on."""
        return self._cut(slice(start, None))

    def _cut(self, days: slice) -> Market:
        return replace(
            self,
            dates=self.dates[days],
            dividend=self.dividend[days],
            volume=self.volume[days],
            **{name: getattr(self, name)[days] for name in PRICES},
        )


def make_market(bars: pl.LazyFrame, symbols: Sequence[str] | pl.Series) -> Market:
    """Lay bars (symbol, date, open, close and what else there is) of these symbols out.

    Prices that are not finite and positive count as missing; rows without a close are no bars.
    """
    names = pl.Series("symbol", symbols).unique().sort()
    there = set(bars.collect_schema().names())
    columns = [name for name in PRICES if name in there]
    rows = bars.filter(pl.col("symbol").is_in(names.to_list()))
    if "adj_close" in there:
        columns.append("adj_close")
    table = (
        rows.select(
            "symbol",
            "date",
            *(_price(name) for name in columns),
            *([pl.col("volume").cast(pl.Float64)] if "volume" in there else []),
        )
        .filter(pl.col("close").is_not_null())
        .collect()
    )
    dates = table["date"].unique().sort()
    cells = Cells(dates, names, table)
    matrices = {
        name: cells.matrix(name) if name in table.columns else cells.missing()
        for name in (*PRICES, "volume")
    }
    dividend = (
        implied_dividends(matrices["close"], cells.matrix("adj_close"))
        if "adj_close" in there
        else np.zeros((0, len(names)))
    )
    return Market(dates, names, **matrices, dividend=dividend)


class Cells:
    """Where each row of a table stands in a matrix of `dates` × `symbols`."""

    def __init__(self, dates: pl.Series, symbols: pl.Series, table: pl.DataFrame) -> None:
        self.shape = (len(dates), len(symbols))
        self._table = table
        if not len(dates):
            self._row = self._place = np.zeros(0, np.int64)
            self._known = np.zeros(len(table), bool)
            return
        days = dates.to_physical().to_numpy()
        day = table["date"].cast(dates.dtype).to_physical().to_numpy()
        row = np.minimum(np.searchsorted(days, day), len(days) - 1)
        self._known = days[row] == day
        place = table["symbol"].cast(pl.Enum(symbols)).to_physical().to_numpy()
        self._row, self._place = row[self._known], place[self._known]

    def missing(self) -> Matrix:
        return np.full(self.shape, np.nan)

    def matrix(self, column: str) -> Matrix:
        """A column of the table, NaN where it has no row or no value; rows of other dates are
        left out."""
        cells = self.missing()
        values = self._table[column].cast(pl.Float64).fill_null(np.nan).to_numpy()
        cells[self._row, self._place] = values[self._known]
        return cells


def implied_dividends(close: Matrix, adjusted: Matrix) -> Matrix:
    """Cash per share (D, S) that makes the return of `close` that of the adjusted close.

    The adjusted close falls by the factor 1 - d / C[t-1] for every day before an ex-date t, so
    d = C[t-1] - C[t] A[t-1] / A[t]. Where `close` has a split that only `adjusted` knows, this pays
    its worth in cash: the same wealth.
    """
    before_close, before_adjusted = (_last_known(_shift(prices)) for prices in (close, adjusted))
    with np.errstate(invalid="ignore", divide="ignore"):
        paid = before_close - close * before_adjusted / adjusted
    real = np.isfinite(paid) & (np.abs(paid) > SMALLEST_DIVIDEND * before_close)
    return np.where(real, paid, 0.0)


def _shift(prices: Matrix) -> Matrix:
    moved = np.full_like(prices, np.nan)
    moved[1:] = prices[:-1]
    return moved


def _last_known(prices: Matrix) -> Matrix:
    """Each cell's last value that is not missing, itself included."""
    days = np.arange(len(prices))[:, None]
    at = np.maximum.accumulate(np.where(np.isfinite(prices), days, 0), axis=0)
    return np.take_along_axis(prices, at, axis=0)


def _price(column: str) -> pl.Expr:
    price = pl.col(column).cast(pl.Float64)
    return pl.when((price > 0) & price.is_finite()).then(price).alias(column)

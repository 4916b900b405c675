"""Predictions beside the market that they are traded in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.backtest.market import Cells, Market, Matrix, make_market
from breadthflow_engine.protocol.errors import StepError


@dataclass(frozen=True)
class Panel:
    """A market and what was predicted in it.

    Attributes:
        market: D bars of S symbols, those before the first prediction included: they say what was
            known on its day.
        prediction: (D, S), NaN where there is none.
        first: number of the first bar with a prediction.
        sector: (S,) a number for each sector, in the order of `sectors`; a symbol whose sector is
            not known is in the last one. No entries where no symbol's is known.
        sectors: their names.
    """

    market: Market
    prediction: Matrix
    first: int
    sector: NDArray[np.int64]
    sectors: list[str]

    def until(self, stop: int) -> Panel:
        """Without the bars from `stop` on."""
        return Panel(
            self.market.until(stop), self.prediction[:stop], self.first, self.sector, self.sectors
        )


def make_panel(
    bars: pl.LazyFrame, predictions: pl.DataFrame, attributes: pl.DataFrame | None = None
) -> Panel:
    """Lay bars and predictions (symbol, date, prediction) out; only predicted symbols are kept.

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
    market = make_market(bars, symbols)
    begin = usable["date"].min()
    first = int((market.dates < begin).sum()) if len(market.dates) else 0
    if first == len(market.dates):
        raise StepError(
            "backtest.no_bars",
            f"None of the {len(symbols)} predicted symbols has a bar from {begin} on.",
            "Check that the bars and the predictions are of the same data set.",
        )
    prediction = Cells(market.dates, symbols, usable).matrix("prediction")
    sector, names = _sectors(symbols, attributes)
    return Panel(market, prediction, first, sector, names)


UNKNOWN_SECTOR = "unknown"


def _sectors(
    symbols: pl.Series, attributes: pl.DataFrame | None
) -> tuple[NDArray[np.int64], list[str]]:
    if attributes is None or "sector" not in attributes.columns:
        return np.zeros(0, np.int64), []
    known = attributes.unique("symbol", keep="last", maintain_order=True)
    own = pl.DataFrame({"symbol": symbols}).join(
        known.select("symbol", pl.col("sector").cast(pl.String)), on="symbol", how="left"
    )["sector"]
    if own.null_count() == len(own):
        return np.zeros(0, np.int64), []
    names = own.drop_nulls().unique().sort().to_list()
    if own.null_count():
        names.append(UNKNOWN_SECTOR)
    number = {name: code for code, name in enumerate(names)}
    return np.array([number[name or UNKNOWN_SECTOR] for name in own], dtype=np.int64), names

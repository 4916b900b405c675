"""One idea's predictions, ready to be traded in many ways: what the ways share is made once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.backtest.frictions import Frictions, make_frictions
from breadthflow_engine.backtest.market import Days, Market, Matrix
from breadthflow_engine.backtest.portfolio import Accounts, Orders, constrained_weights, execute
from breadthflow_engine.backtest.schedule import rebalance_days
from breadthflow_engine.backtest.settings import Trading

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Study:
    """Predictions in a market, and the part of it in which they are traded.

    Attributes:
        market: all bars, those before the first prediction included.
        prediction: (D, S), NaN where there is none.
        first: the bar at which every book begins; the first with a prediction.
        stop: bars from here on are not traded; the idea says nothing about them.
        sector: (S,) number of each symbol's sector, or no entries.
        trading: what the idea asks for.
    """

    market: Market
    prediction: Matrix
    first: int
    stop: int
    sector: NDArray[np.int64]
    trading: Trading

    @property
    def window(self) -> Market:
        return self.market.until(self.stop).since(self.first)

    def signal_days(self, trading: Trading, offset: int = 0) -> Days:
        """Bars of `market` on which `trading` takes a signal, from `offset` bars after the first
        on."""
        return rebalance_days(
            self.prediction,
            trading.rebalance,
            self.market.dates,
            trading.calendar,
            self.first + offset,
        )

    def weights(self, trading: Trading, days: Days) -> Matrix:
        """Constrained weights of the signals of `days`."""
        sectors = self.sector if len(self.sector) else None
        return constrained_weights(self.market, self.prediction[days], days, trading, sectors)

    def frictions(self, trading: Trading, days: Days) -> Frictions:
        return make_frictions(self.market, days, trading)

    def trade(
        self,
        trading: Trading,
        days: Days,
        weights: Matrix,
        *,
        frictions: Frictions | None = None,
        delay: int = 0,
        in_detail: bool = False,
    ) -> Accounts:
        """Trade weights (R, S) known at the close of bars `days` of `market`; accounts are of the
        `window`."""
        orders = Orders(days - self.first, weights, delay)
        known = self.frictions(trading, days) if frictions is None else frictions
        return execute(self.window, orders, trading, known, in_detail=in_detail)


def in_threads(work: Callable[[T], U], parts: Sequence[T], threads: int) -> list[U]:
    """Do `work` on every part; the compiled loops leave the interpreter's lock alone."""
    if threads <= 1 or len(parts) <= 1:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(max_workers=threads) as pool:
        return list(pool.map(work, parts))

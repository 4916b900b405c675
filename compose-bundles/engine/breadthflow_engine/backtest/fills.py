"""The price at which an order is filled."""

from __future__ import annotations

import numpy as np

from breadthflow_engine.backtest.market import Market, Matrix
from breadthflow_engine.backtest.settings import Execution


def first_prices(market: Market, execution: Execution) -> Matrix:
    """Price (D, S) of a fill on each bar; NaN where it is the bar's close.

    The VWAP of a bar is not in it; the mean of its four prices stands for it.
    """
    if execution == "next_open":
        return np.ascontiguousarray(market.open)
    if execution == "next_vwap":
        return (market.open + market.high + market.low + market.close) / 4.0
    return np.full_like(market.close, np.nan)

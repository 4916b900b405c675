"""Small markets and books for tests."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from breadthflow_engine.backtest.market import Market
from breadthflow_engine.backtest.portfolio import Accounts, Orders, execute
from breadthflow_engine.backtest.settings import Trading

FREE = {"commission_bps": 0, "slippage_bps": 0, "borrow_bps_per_year": 0}


def market_of(opens, closes, *, volume=1e6, dividend=None) -> Market:
    opens, closes = (np.asarray(prices, dtype=np.float64) for prices in (opens, closes))
    days, symbols = closes.shape
    first = dt.date(2020, 1, 1)
    return Market(
        dates=pl.Series("date", [first + dt.timedelta(days=day) for day in range(days)]),
        symbols=pl.Series("symbol", [f"S{place:03d}" for place in range(symbols)]),
        open=opens,
        high=np.fmax(opens, closes),
        low=np.fmin(opens, closes),
        close=closes,
        volume=np.broadcast_to(np.asarray(volume, dtype=np.float64), closes.shape).copy(),
        dividend=np.zeros((0, symbols)) if dividend is None else np.asarray(dividend, float),
    )


def random_market(seed: int, days: int = 120, symbols: int = 6, **named) -> Market:
    """Prices that wander, with a few holes and a few missing opens."""
    rng = np.random.default_rng(seed)
    closes = 50 * np.exp(np.cumsum(rng.normal(0.0003, 0.02, (days, symbols)), axis=0))
    opens = closes * np.exp(rng.normal(0, 0.01, closes.shape))
    closes[rng.random(closes.shape) < 0.02] = np.nan
    opens[rng.random(closes.shape) < 0.02] = np.nan
    return market_of(opens, closes, **named)


def trading_of(**asked) -> Trading:
    return Trading.model_validate({"strategy": "long_short", **FREE, **asked})


def accounts_of(market: Market, orders: dict[int, list[float]], **asked) -> Accounts:
    """Run orders given by the bar of their signal."""
    wanted = Orders(
        np.array(list(orders), dtype=np.int64),
        np.array(list(orders.values()), dtype=np.float64).reshape(len(orders), -1),
    )
    return execute(market, wanted, trading_of(**asked), in_detail=True)

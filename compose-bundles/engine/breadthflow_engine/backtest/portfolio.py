"""The stages in a row: signals, target weights, constrained weights, executed trades."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.backtest.accounting import account
from breadthflow_engine.backtest.fills import first_prices
from breadthflow_engine.backtest.frictions import (
    Frictions,
    make_frictions,
    shortable,
    tradeable,
)
from breadthflow_engine.backtest.limits import at_target_volatility, within_position_limit
from breadthflow_engine.backtest.market import Days, Market, Matrix
from breadthflow_engine.backtest.neutral import neutralised
from breadthflow_engine.backtest.schedule import overlapped
from breadthflow_engine.backtest.settings import BARS_PER_YEAR, Trading
from breadthflow_engine.backtest.targets import target_weights
from breadthflow_engine.backtest.trailing import returns, trailing_beta
from breadthflow_engine.protocol.errors import StepError

# Bars that stay away for a month mean a delisting; shorter holes are common in real data.
DELISTED_AFTER = 21


@dataclass(frozen=True)
class Orders:
    """R rows of weights (R, S), known at the close of bars `signal_day` (R,), `delay` bars before
    they could first be filled."""

    signal_day: Days
    weights: Matrix
    delay: int = 0

    @property
    def fill_day(self) -> Days:
        return self.signal_day + 1 + self.delay

    def before(self, stop: int) -> Orders:
        """Those that are filled before bar `stop`."""
        kept = self.fill_day < stop
        return Orders(
            self.signal_day[kept], np.ascontiguousarray(self.weights[kept]), delay=self.delay
        )


@dataclass(frozen=True)
class Accounts:
    """What `accounting.account` returned for `orders`; see there for the matrices.

    `at_first` (R, S) says whether a symbol was filled at `first_price` of its bar (`open`, `vwap`)
    and not at the close.
    """

    orders: Orders
    frictions: Frictions
    capital: float
    first_price: str
    at_first: NDArray[np.bool_]
    bars: Matrix
    traded: Matrix
    price: Matrix
    worth: Matrix
    held: Matrix
    profit: Matrix


def constrained_weights(
    market: Market,
    signal: Matrix,
    days: Days,
    trading: Trading,
    sectors: NDArray[np.int64] | None = None,
) -> Matrix:
    """Weights (R, S) for signals (R, S) of bars `days`, within all that `trading` asks for but the
    turnover limit, which needs the book that is held.

    Args:
        sectors: (S,) a number for each sector; needed where the book is sector-neutral.
    """
    weights = trading.gross * target_weights(
        signal, trading.strategy, trading.quantile, trading.top_n, shortable(market, days, trading)
    )
    weights = overlapped(weights, trading.overlap)
    daily = returns(market.close)
    if trading.target_volatility is not None:
        weights = at_target_volatility(
            weights, daily, days, trading.target_volatility, trading.max_leverage
        )
    if trading.neutral:
        return neutralised(
            weights,
            sectors if "sector" in trading.neutral else None,
            trailing_beta(daily, days) if "beta" in trading.neutral else None,
            trading.max_weight,
        )
    if trading.max_weight is not None:
        return within_position_limit(weights, trading.max_weight)
    return weights


def execute(
    market: Market,
    orders: Orders,
    trading: Trading,
    frictions: Frictions | None = None,
    *,
    in_detail: bool = False,
) -> Accounts:
    """Fill orders in a market and keep the book's accounts, from `trading.capital` in cash.

    Args:
        frictions: of exactly these orders, where they are known already.
        in_detail: keep positions and profits by symbol, which costs two matrices of the market's
            size.

    Raises:
        StepError: `backtest.weights_not_finite`. Weights may add up to anything: what they leave is
            cash, and what they exceed 1 by is debt.
    """
    if not np.isfinite(orders.weights).all():
        raise StepError(
            "backtest.weights_not_finite",
            "A target weight is not a number.",
            "Weights are shares of equity; 0 is for what is not held.",
        )
    if frictions is None:
        frictions = make_frictions(market, orders.signal_day, trading)
    filled = orders.fill_day < len(market.dates)
    frictions = replace(
        frictions,
        spread=np.ascontiguousarray(frictions.spread[filled]),
        impact=np.ascontiguousarray(frictions.impact[filled]),
    )
    orders = orders.before(len(market.dates))
    first = first_prices(market, trading.execution)
    matrices = account(
        first,
        np.ascontiguousarray(market.close),
        np.ascontiguousarray(market.dividend),
        orders.weights,
        orders.fill_day,
        frictions.spread,
        frictions.impact,
        tradeable(market, orders.fill_day, trading.participation),
        trading.capital,
        trading.whole_shares,
        np.inf if trading.max_turnover is None else trading.max_turnover,
        frictions.commission,
        trading.borrow_bps_per_year / 1e4 / BARS_PER_YEAR,
        trading.cash_rate / BARS_PER_YEAR,
        (trading.cash_rate + trading.margin_bps_per_year / 1e4) / BARS_PER_YEAR,
        DELISTED_AFTER,
        trading.delisting_return,
        in_detail,
    )
    at_first = np.isfinite(first[orders.fill_day])
    first_price = trading.execution.removeprefix("next_")
    return Accounts(orders, frictions, trading.capital, first_price, at_first, *matrices)

"""A strategy's book as tables: what it earned, what it traded, and what it held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from breadthflow_engine.backtest import accounting
from breadthflow_engine.backtest.market import Market, Matrix
from breadthflow_engine.backtest.portfolio import Accounts

COSTS = ("commission", "spread_cost", "impact_cost", "borrow_cost")


@dataclass(frozen=True)
class Book:
    """What the accounting left.

    Attributes:
        bars: one row a bar: date, gross_return, net_return, equity, drawdown, turnover,
            long_exposure, short_exposure, trading_cost, its parts commission, spread_cost and
            impact_cost, borrow_cost, cost, interest, dividends. The first row is the day of the
            first signal, before anything is held. `net_return = gross_return - cost`; interest and
            dividends are in both.
        trades: one row a fill: symbol, signal_date, date (that of the bar whose price it has),
            price_of (`open`, `vwap` or `close`), side, shares, price, notional, weight_change,
            commission, spread_cost, impact_cost, cost. Costs are shares of the equity at the last
            close, as in `bars`; `weight_change` is a share of the equity at the fill; shares and
            notional are in the currency of the prices.
    """

    bars: pl.DataFrame
    trades: pl.DataFrame


def make_book(market: Market, accounts: Accounts) -> Book:
    """Lay accounts out as tables."""
    return Book(_bars(market, accounts.bars), _trades(market, accounts))


def positions(market: Market, accounts: Accounts) -> pl.DataFrame:
    """What was held at each close, one row a bar and symbol: date, symbol, shares, price and
    price_date (its last bar's close), value, weight. Needs accounts in detail."""
    day, place = np.nonzero(accounts.held)
    days = np.arange(len(market.dates))[:, None]
    last = np.maximum.accumulate(np.where(np.isfinite(market.close), days, -1), axis=0)
    bar = last[day, place]
    shares, price = accounts.held[day, place], market.close[bar, place]
    equity = accounts.bars[day, accounting.EQUITY] * accounts.capital
    return pl.DataFrame(
        {
            "date": market.dates.gather(day),
            "symbol": market.symbols.gather(place),
            "shares": shares,
            "price": price,
            "price_date": market.dates.gather(bar),
            "value": shares * price,
            "weight": np.where(equity > 0, shares * price / np.where(equity > 0, equity, 1), 0.0),
        }
    )


def _bars(market: Market, bars: Matrix) -> pl.DataFrame:
    equity = bars[:, accounting.EQUITY]
    trading = bars[:, accounting.COMMISSION] + bars[:, accounting.SPREAD]
    trading = trading + bars[:, accounting.IMPACT]
    costs = trading + bars[:, accounting.BORROW]
    return pl.DataFrame(
        {
            "date": market.dates,
            "gross_return": bars[:, accounting.NET] + costs,
            "net_return": bars[:, accounting.NET],
            "equity": equity,
            "drawdown": equity / np.maximum.accumulate(np.maximum(equity, 1.0)) - 1.0,
            "turnover": bars[:, accounting.TURNOVER],
            "long_exposure": bars[:, accounting.LONG],
            "short_exposure": bars[:, accounting.SHORT],
            "trading_cost": trading,
            "commission": bars[:, accounting.COMMISSION],
            "spread_cost": bars[:, accounting.SPREAD],
            "impact_cost": bars[:, accounting.IMPACT],
            "borrow_cost": bars[:, accounting.BORROW],
            "cost": costs,
            "interest": bars[:, accounting.INTEREST],
            "dividends": bars[:, accounting.DIVIDEND],
        }
    )


def _trades(market: Market, accounts: Accounts) -> pl.DataFrame:
    order, place = np.nonzero(accounts.traded)
    orders, frictions = accounts.orders, accounts.frictions
    day = orders.fill_day[order]
    notional = accounts.traded[order, place]
    price = accounts.price[order, place]
    size = np.abs(notional)
    at_first = accounts.at_first[order, place]
    worth = accounts.worth[order, np.where(at_first, 0, 1)]
    equity = accounts.bars[day - 1, accounting.EQUITY] * accounts.capital
    costs = {
        "commission": size * frictions.commission / equity,
        "spread_cost": size * frictions.spread[order, place] / equity,
        "impact_cost": size * frictions.impact[order, place] * np.sqrt(size) / equity,
    }
    return pl.DataFrame(
        {
            "symbol": market.symbols.gather(place),
            "signal_date": market.dates.gather(orders.signal_day[order]),
            "date": market.dates.gather(day),
            "price_of": np.where(at_first, accounts.first_price, "close"),
            "side": np.where(notional > 0, "buy", "sell"),
            "shares": notional / price,
            "price": price,
            "notional": notional,
            "weight_change": notional / worth,
            **costs,
            "cost": sum(costs.values()),
        },
        schema_overrides={"side": pl.String, "price_of": pl.String},
    )

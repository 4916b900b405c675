"""Where the return came from: by sector, by year, by symbol. Contributions add up to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.backtest import accounting
from breadthflow_engine.backtest.market import Market, Matrix
from breadthflow_engine.backtest.portfolio import Accounts

SYMBOLS_SHOWN = 10


def contributions(accounts: Accounts, borrow_rate: float, close: Matrix) -> tuple[Matrix, Matrix]:
    """Profit before costs and costs (D, S) of each bar and symbol, over the equity at the last
    close. Less one another and with the interest on cash, a row adds up to the net return.

    Args:
        borrow_rate: of short notional at the close, per bar.
        close: (D, S) prices of the same bars.
    """
    equity = accounts.bars[:, accounting.EQUITY] * accounts.capital
    before = np.concatenate([[accounts.capital], equity[:-1]])[:, None]
    alive = before > 0
    costs = borrow_rate * np.maximum(-accounts.held * last_known(close), 0.0)
    orders, frictions = accounts.orders, accounts.frictions
    size = np.abs(accounts.traded)
    costs[orders.fill_day] += size * (
        frictions.commission + frictions.spread + frictions.impact * np.sqrt(size)
    )
    over = np.where(alive, before, 1.0)
    return np.where(alive, accounts.profit / over, 0.0), np.where(alive, costs / over, 0.0)


def last_known(close: Matrix) -> Matrix:
    """Each symbol's last close, 0 before its first."""
    days = np.arange(len(close))[:, None]
    at = np.maximum.accumulate(np.where(np.isfinite(close), days, -1), axis=0)
    return np.where(at >= 0, np.take_along_axis(close, np.maximum(at, 0), axis=0), 0.0)


def attribution(
    market: Market,
    accounts: Accounts,
    borrow_rate: float,
    sector: NDArray[np.int64],
    sectors: list[str],
) -> dict[str, Any]:
    """Sums of daily contributions, which are not compounded.

    Returns:
        `sectors` [{name, gross, cost, net, weight: mean long less short, size: mean absolute}],
        none where the data has no sectors; `years` [{year, gross, cost, interest, net}];
        `by_year` {year (Y,), sector (K,), net (Y, K)}; `best` and `worst` symbols [{symbol, net}].
    """
    gross, cost = contributions(accounts, borrow_rate, market.close)
    net = gross - cost
    interest = accounts.bars[:, accounting.INTEREST]
    year = market.dates.dt.year().to_numpy()
    years = np.unique(year)
    held = accounts.held * last_known(market.close)
    equity = accounts.bars[:, accounting.EQUITY] * accounts.capital
    weight = held / np.where(equity > 0, equity, np.inf)[:, None]
    by_symbol = net.sum(axis=0)
    order = np.argsort(by_symbol)
    return {
        "sectors": [
            {
                "name": name,
                "gross": gross[:, sector == code].sum(),
                "cost": cost[:, sector == code].sum(),
                "net": net[:, sector == code].sum(),
                "weight": weight[:, sector == code].sum(axis=1).mean(),
                "size": np.abs(weight[:, sector == code]).sum(axis=1).mean(),
            }
            for code, name in enumerate(sectors)
        ],
        "years": [
            {
                "year": int(one),
                "gross": gross[year == one].sum(),
                "cost": cost[year == one].sum(),
                "interest": interest[year == one].sum(),
                "net": net[year == one].sum() + interest[year == one].sum(),
            }
            for one in years
        ],
        "by_year": {
            "year": years,
            "sector": sectors,
            "net": [
                [net[year == one][:, sector == code].sum() for code in range(len(sectors))]
                for one in years
            ],
        },
        "best": _named(market.symbols, by_symbol, order[::-1]),
        "worst": _named(market.symbols, by_symbol, order),
    }


def _named(symbols: pl.Series, values: Matrix, order: NDArray[np.int64]) -> list[dict[str, Any]]:
    return [
        {"symbol": symbols[int(place)], "net": values[place]}
        for place in order[:SYMBOLS_SHOWN]
        if values[place] != 0
    ]

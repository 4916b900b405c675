"""A strategy's book: who is held when, at what price it was traded, and what it earned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.steps.backtest import kernel
from breadthflow_engine.steps.backtest.panel import Matrix, Panel
from breadthflow_engine.steps.backtest.settings import Trading

BARS_PER_YEAR = 252


@dataclass(frozen=True)
class Book:
    """What the accounting left.

    Attributes:
        bars: one row a bar: date, gross_return, net_return, equity, drawdown, turnover,
            long_exposure, short_exposure, trading_cost, borrow_cost, cost. The first row is the
            day of the first signal, before anything is held. `net_return = gross_return - cost`.
        trades: one row a fill: symbol, signal_date, date, side, weight_change, price, cost.
    """

    bars: pl.DataFrame
    trades: pl.DataFrame


def trim(panel: Panel, signals: NDArray[np.int64], every: int) -> Panel:
    """Drop the bars after the last signal's holding period: the idea says nothing about them."""
    stop = min(len(panel.dates), int(signals[-1]) + every + 2)
    return Panel(
        panel.dates[:stop],
        panel.symbols,
        panel.open[:stop],
        panel.close[:stop],
        panel.prediction[:stop],
    )


def run_book(panel: Panel, signals: NDArray[np.int64], weights: Matrix, trading: Trading) -> Book:
    """Trade target weights (R, S), known at the close of bars `signals` (R,), one bar later."""
    days = len(panel.dates)
    filled = signals + 1 < days
    signals, weights = signals[filled], np.ascontiguousarray(weights[filled])
    bars, change, price, cost = kernel.account(
        np.ascontiguousarray(panel.open),
        np.ascontiguousarray(panel.close),
        weights,
        signals + 1,
        trading.execution == "next_open",
        (trading.commission_bps + trading.slippage_bps) / 1e4,
        trading.borrow_bps_per_year / 1e4 / BARS_PER_YEAR,
    )
    return Book(_bars(panel, bars), _trades(panel, signals, change, price, cost))


def _bars(panel: Panel, bars: Matrix) -> pl.DataFrame:
    equity = bars[:, kernel.EQUITY]
    costs = bars[:, kernel.TRADING_COST] + bars[:, kernel.BORROW_COST]
    return pl.DataFrame(
        {
            "date": panel.dates,
            "gross_return": bars[:, kernel.NET] + costs,
            "net_return": bars[:, kernel.NET],
            "equity": equity,
            "drawdown": equity / np.maximum.accumulate(np.maximum(equity, 1.0)) - 1.0,
            "turnover": bars[:, kernel.TURNOVER],
            "long_exposure": bars[:, kernel.LONG],
            "short_exposure": bars[:, kernel.SHORT],
            "trading_cost": bars[:, kernel.TRADING_COST],
            "borrow_cost": bars[:, kernel.BORROW_COST],
            "cost": costs,
        }
    )


def _trades(
    panel: Panel, signals: NDArray[np.int64], change: Matrix, price: Matrix, cost: Matrix
) -> pl.DataFrame:
    order, place = np.nonzero(change)
    moved = change[order, place]
    return pl.DataFrame(
        {
            "symbol": panel.symbols.gather(place),
            "signal_date": panel.dates.gather(signals[order]),
            "date": panel.dates.gather(signals[order] + 1),
            "side": np.where(moved > 0, "buy", "sell"),
            "weight_change": moved,
            "price": price[order, place],
            "cost": cost[order, place],
        },
        schema_overrides={"side": pl.String},
    )

"""What trading costs, and how much can be traded: what was known of it on each signal's day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.backtest.market import Days, Market, Matrix
from breadthflow_engine.backtest.settings import Trading
from breadthflow_engine.backtest.spread import abdi_ranaldo_square, corwin_schultz
from breadthflow_engine.backtest.trailing import (
    SPREAD_BARS,
    VOLUME_BARS,
    returns,
    trailing_mean,
    trailing_volatility,
)


@dataclass(frozen=True)
class Frictions:
    """Of R orders in S symbols.

    Attributes:
        commission: of traded notional.
        spread: (R, S) of traded notional: slippage and half of the estimated spread.
        impact: (R, S) of traded notional, per square root of traded notional: Y σ / sqrt(V).
    """

    commission: float
    spread: Matrix
    impact: Matrix

    def scaled(self, by: float) -> Frictions:
        """All costs `by` times as high."""
        return Frictions(self.commission * by, self.spread * by, self.impact * by)


def make_frictions(market: Market, days: Days, trading: Trading) -> Frictions:
    """Costs of orders signalled on `days` (R,)."""
    shape = (len(days), len(market.symbols))
    spread = np.full(shape, trading.slippage_bps / 1e4)
    if trading.spread != "none":
        spread += _half_spread(market, days, trading)
    impact = np.zeros(shape)
    if trading.impact > 0:
        impact = square_root_impact(market, days, money_volume(market, days), trading.impact)
    return Frictions(
        commission=trading.commission_bps / 1e4,
        spread=spread,
        impact=impact,
    )


def money_volume(market: Market, days: Days) -> Matrix:
    """Mean money traded a bar over the last month (R, S)."""
    return trailing_mean(market.close * market.volume, days, VOLUME_BARS)


def square_root_impact(market: Market, days: Days, volume: Matrix, y: float) -> Matrix:
    """Y σ / sqrt(V), so that a trade of notional Q costs that times sqrt(Q) of Q.

    The square-root law with Y of order one: Tóth and others (2011), "Anomalous Price Impact and the
    Critical Nature of Liquidity in Financial Markets", Physical Review X 1, 021006. σ is the
    volatility per bar over the last 63 bars. Where σ or V is not known, it is that of the symbol
    of the day with the dearest trades.
    """
    volatility = trailing_volatility(returns(market.close), days)
    with np.errstate(divide="ignore", invalid="ignore"):
        unit = y * volatility / np.sqrt(volume)
    unit = np.where(np.isfinite(unit), unit, np.nan)
    worst = np.nanmax(np.column_stack([unit, np.zeros(len(unit))]), axis=1)
    return np.where(np.isfinite(unit), unit, worst[:, None])


def tradeable(market: Market, fill_day: Days, participation: float | None) -> Matrix:
    """Most notional of each symbol (R, S) that can be traded on bars `fill_day`."""
    if participation is None:
        return np.full((len(fill_day), len(market.symbols)), np.inf)
    money = market.close[fill_day] * market.volume[fill_day]
    return participation * np.nan_to_num(money, nan=0.0)


def shortable(market: Market, days: Days, trading: Trading) -> NDArray[np.bool_] | None:
    """Which symbols can be borrowed on a signal's day (R, S); None if all can."""
    if trading.short_min_price == 0 and trading.short_min_volume == 0:
        return None
    may = np.nan_to_num(market.close[days]) >= trading.short_min_price
    if trading.short_min_volume > 0:
        may &= np.nan_to_num(money_volume(market, days)) >= trading.short_min_volume
    return may


def _half_spread(market: Market, days: Days, trading: Trading) -> Matrix:
    """Half of the estimated spread (R, S); where it is unknown, that of the day's median symbol."""
    if trading.spread == "corwin_schultz":
        spread = trailing_mean(corwin_schultz(market), days, SPREAD_BARS)
    else:
        spread = np.sqrt(
            np.maximum(trailing_mean(abdi_ranaldo_square(market), days, SPREAD_BARS), 0.0)
        )
    known = np.isfinite(spread).any(axis=1)
    middle = np.zeros(len(days))
    middle[known] = np.nanmedian(spread[known], axis=1)
    return np.where(np.isfinite(spread), spread, middle[:, None]) / 2.0

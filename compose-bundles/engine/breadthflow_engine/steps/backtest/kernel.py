"""The accounting loop over bars, compiled.

Kept free of everything but arithmetic, so that it can be checked by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

_MATRIX = numba.float64[:, ::1]
_ROW = numba.float64[::1]
_MASK = numba.boolean[::1]

# Columns of the first matrix that `account` returns, one row a bar.
NET, TURNOVER, TRADING_COST, BORROW_COST, LONG, SHORT, EQUITY = range(7)


def _compiled(signature: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile at import, so that a warm worker never does it inside a step.

    The machine code is cached beside the source; where no folder can be written, or the cache is
    damaged, it is compiled anew.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            return numba.njit(signature, cache=True)(function)
        except (RuntimeError, OSError, EOFError, ValueError):
            return numba.njit(signature)(function)

    return decorate


@_compiled(
    numba.types.UniTuple(numba.float64, 2)(_ROW, _ROW, _MASK, numba.float64, _ROW, _ROW, _ROW)
)
def _fill(
    weights: Any, prices: Any, may: Any, worth: float, shares: Any, change: Any, filled: Any
) -> Any:
    """Move the symbols that `may` trade to their weights of `worth`; net and gross notional."""
    net = 0.0
    gross = 0.0
    if worth <= 0.0:
        return net, gross
    for i in range(len(weights)):
        if may[i]:
            notional = weights[i] * worth - shares[i] * prices[i]
            if notional != 0.0:
                shares[i] = weights[i] * worth / prices[i]
                change[i] = notional / worth
                filled[i] = prices[i]
                net += notional
                gross += abs(notional)
    return net, gross


@_compiled(
    numba.types.Tuple((_MATRIX, _MATRIX, _MATRIX, _MATRIX))(
        _MATRIX, _MATRIX, _MATRIX, numba.int64[::1], numba.boolean, numba.float64, numba.float64
    )
)
def account(
    opens: Any,
    closes: Any,
    weights: Any,
    fill_day: Any,
    at_open: bool,
    cost_rate: float,
    borrow_rate: float,
) -> Any:
    """Run one book of positions through time, starting with equity 1 in cash.

    Order r moves each symbol to weights[r] of the equity at the moment of the fill, on bar
    fill_day[r]. At the open, a symbol whose bar has no open is filled at that bar's close; a
    symbol without a bar is not traded, and its order lapses. A position without a bar keeps its
    last price. Costs and borrow are paid in cash. Equity at or below zero ends the book.

    Args:
        opens, closes: (D, S), NaN where missing.
        weights: (R, S) target weights.
        fill_day: (R,) rising bar numbers.
        at_open: fill at the open of the bar, else at its close.
        cost_rate: of traded notional.
        borrow_rate: of short notional at the close, per bar.

    Returns:
        Bars (D, 7), by the column names above: net return; traded notional, trading cost and
        borrow as shares of the equity at the last close; long and short notional as shares of the
        equity at this close, and that equity. Then per order and symbol (R, S): change in weight,
        as a share of the equity at the fill; price of the fill, NaN where none; trading cost, as
        a share of the equity at the last close.
    """
    days, symbols = closes.shape
    bars = np.zeros((days, 7))
    change = np.zeros_like(weights)
    filled = np.full_like(weights, np.nan)
    cost = np.zeros_like(weights)
    shares = np.zeros(symbols)
    mark = np.zeros(symbols)
    cash = 1.0
    last = 1.0
    order = 0
    for day in range(days):
        if last <= 0.0:
            break
        trading = order < len(fill_day) and fill_day[order] == day
        has_bar = np.isfinite(closes[day])
        opens_today = has_bar & np.isfinite(opens[day])
        traded = 0.0
        if trading and at_open:
            worth = cash
            for i in range(symbols):
                worth += shares[i] * (opens[day, i] if opens_today[i] else mark[i])
            net, gross = _fill(
                weights[order], opens[day], opens_today, worth, shares, change[order], filled[order]
            )
            cash -= net + gross * cost_rate
            traded += gross
            for i in range(symbols):
                cost[order, i] = abs(change[order, i]) * worth * cost_rate / last
        for i in range(symbols):
            if has_bar[i]:
                mark[i] = closes[day, i]
        if trading:
            left = has_bar & ~opens_today if at_open else has_bar
            worth = cash
            for i in range(symbols):
                worth += shares[i] * mark[i]
            net, gross = _fill(
                weights[order], mark, left, worth, shares, change[order], filled[order]
            )
            cash -= net + gross * cost_rate
            traded += gross
            for i in range(symbols):
                if left[i]:
                    cost[order, i] = abs(change[order, i]) * worth * cost_rate / last
            order += 1
        long = 0.0
        short = 0.0
        for i in range(symbols):
            value = shares[i] * mark[i]
            long += max(value, 0.0)
            short += max(-value, 0.0)
        borrow = short * borrow_rate
        cash -= borrow
        equity = max(cash + long - short, 0.0)
        bars[day, NET] = equity / last - 1.0
        bars[day, TURNOVER] = traded / last
        bars[day, TRADING_COST] = traded * cost_rate / last
        bars[day, BORROW_COST] = borrow / last
        if equity > 0.0:
            bars[day, LONG] = long / equity
            bars[day, SHORT] = short / equity
        bars[day, EQUITY] = equity
        last = equity
    return bars, change, filled, cost

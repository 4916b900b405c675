"""The accounting loop over bars, compiled.

Kept free of everything but arithmetic, so that it can be checked by hand.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from breadthflow_engine.backtest.compiled import DAYS, MASK, MATRIX, ROW, compiled

# Columns of the first matrix that `account` returns, one row a bar.
NET, TURNOVER, COMMISSION, SPREAD, IMPACT, BORROW, INTEREST, DIVIDEND, LONG, SHORT, EQUITY = range(
    11
)
COLUMNS = 11


@compiled(
    numba.types.UniTuple(numba.float64, 5)(
        *(ROW, ROW, MASK, numba.float64, numba.float64, numba.float64, numba.boolean),
        *(ROW, ROW, ROW, ROW, ROW, ROW, ROW),
    )
)
def _fill(
    weights: Any,
    prices: Any,
    may: Any,
    worth: float,
    room: float,
    commission: float,
    whole: bool,
    spread: Any,
    impact: Any,
    most: Any,
    shares: Any,
    traded: Any,
    filled: Any,
    wanted: Any,
) -> Any:
    """Move the symbols that `may` trade towards their weights of `worth`, by `room` at most.

    Returns net notional, gross notional, commission, spread and impact paid.
    """
    net = gross = paid_commission = paid_spread = paid_impact = 0.0
    if worth <= 0.0 or room <= 0.0:
        return net, gross, paid_commission, paid_spread, paid_impact
    asked = 0.0
    for i in range(len(weights)):
        wanted[i] = 0.0
        if may[i]:
            target = weights[i] * worth / prices[i]
            if whole:
                target = np.trunc(target)
            wanted[i] = target - shares[i]
            asked += abs(wanted[i]) * prices[i]
    share = room / asked if asked > room else 1.0
    for i in range(len(weights)):
        if wanted[i] == 0.0:
            continue
        bought = wanted[i] * share
        limited = share < 1.0
        if abs(bought) * prices[i] > most[i]:
            bought = np.copysign(most[i] / prices[i], bought)
            limited = True
        if whole:
            bought = np.trunc(bought)
        if bought == 0.0:
            continue
        if limited or whole:
            shares[i] += bought
            notional = bought * prices[i]
        else:
            # The target itself, not the sum that leads to it: rounding would leave dust behind.
            notional = weights[i] * worth - shares[i] * prices[i]
            shares[i] = weights[i] * worth / prices[i]
        size = abs(notional)
        traded[i] = notional
        filled[i] = prices[i]
        net += notional
        gross += size
        paid_commission += size * commission
        paid_spread += size * spread[i]
        paid_impact += size * impact[i] * np.sqrt(size)
    return net, gross, paid_commission, paid_spread, paid_impact


@compiled(
    numba.types.Tuple((MATRIX, MATRIX, MATRIX, MATRIX, MATRIX, MATRIX))(
        *(MATRIX, MATRIX, MATRIX, MATRIX, DAYS, MATRIX, MATRIX, MATRIX),
        *(numba.float64, numba.boolean, numba.float64, numba.float64, numba.float64),
        *(numba.float64, numba.float64, numba.int64, numba.float64, numba.boolean),
    )
)
def account(
    first: Any,
    closes: Any,
    dividends: Any,
    weights: Any,
    fill_day: Any,
    spread: Any,
    impact: Any,
    most: Any,
    capital: float,
    whole: bool,
    max_turnover: float,
    commission: float,
    borrow_rate: float,
    cash_rate: float,
    debit_rate: float,
    delisted_after: int,
    delisting_return: float,
    in_detail: bool,
) -> Any:
    """Run one book of positions through time, starting with `capital` in cash.

    Order r moves each symbol to weights[r] of the equity at the moment of the fill, on bar
    fill_day[r]: at the price `first` of that bar, or where it has none, at its close. A symbol
    without a bar is not traded, and its order lapses, as does what a limit leaves unfilled. A
    position without a bar keeps its last price; after `delisted_after` such bars it is paid out.
    Costs, borrow and dividends owed are paid in cash. Equity at or below zero ends the book.

    Args:
        first, closes: (D, S) prices, NaN where missing.
        dividends: (D, S) cash per share to who held it at the last close; or no rows.
        weights: (R, S) target weights.
        fill_day: (R,) rising bar numbers.
        spread: (R, S) of traded notional.
        impact: (R, S) of traded notional, per square root of traded notional.
        most: (R, S) notional that can be traded, infinite where nothing limits it.
        whole: positions are whole numbers of shares, rounded towards zero.
        max_turnover: bought plus sold notional of an order over equity.
        commission: of traded notional.
        borrow_rate: of short notional at the close, per bar.
        cash_rate, debit_rate: of cash above and below zero at the last close, per bar.
        delisting_return: on the last price, when a position is paid out.
        in_detail: whether positions and profits by symbol are returned.

    Returns:
        Bars (D, 11), by the column names above: net return; traded notional, costs, interest and
        dividends as shares of the equity at the last close; long and short notional as shares of
        the equity at this close, and that equity over `capital`. Then per order and symbol (R, S)
        the notional that was traded, negative if sold, and the price, NaN where nothing was; per
        order (R, 2) the equity at the first price and at the close. Then, in detail or empty,
        (D, S) shares held at the close, and profit before costs.
    """
    days, symbols = closes.shape
    bars = np.zeros((days, COLUMNS))
    traded = np.zeros_like(weights)
    filled = np.full_like(weights, np.nan)
    worths = np.zeros((len(fill_day), 2))
    held = np.zeros((days if in_detail else 0, symbols))
    profit = np.zeros((days if in_detail else 0, symbols))
    shares = np.zeros(symbols)
    mark = np.zeros(symbols)
    before = np.zeros(symbols)
    wanted = np.zeros(symbols)
    absent = np.zeros(symbols, dtype=np.int64)
    has_bar = np.zeros(symbols, dtype=np.bool_)
    opens = np.zeros(symbols, dtype=np.bool_)
    late = np.zeros(symbols, dtype=np.bool_)
    cash = capital
    last = capital
    order = 0
    for day in range(days):
        trading = order < len(fill_day) and fill_day[order] == day
        if last <= 0.0:
            break
        interest = cash * (cash_rate if cash > 0.0 else debit_rate) if day > 0 else 0.0
        cash += interest
        dividend = 0.0
        for i in range(symbols):
            has_bar[i] = np.isfinite(closes[day, i])
            opens[i] = has_bar[i] and np.isfinite(first[day, i])
            late[i] = has_bar[i] and not opens[i]
            if in_detail:
                before[i] = shares[i] * mark[i]
            if has_bar[i]:
                absent[i] = 0
                if len(dividends) and shares[i] != 0.0 and dividends[day, i] != 0.0:
                    dividend += shares[i] * dividends[day, i]
                    if in_detail:
                        profit[day, i] += shares[i] * dividends[day, i]
            elif shares[i] != 0.0:
                absent[i] += 1
                if absent[i] == delisted_after:
                    paid = shares[i] * mark[i] * (1.0 + delisting_return)
                    cash += paid
                    if in_detail:
                        profit[day, i] += paid
                    shares[i] = 0.0
        cash += dividend
        gross = commission_paid = spread_paid = impact_paid = 0.0
        if trading:
            worth = cash
            for i in range(symbols):
                worth += shares[i] * (first[day, i] if opens[i] else mark[i])
            worths[order, 0] = worth
            net, size, of_commission, of_spread, of_impact = _fill(
                *(weights[order], first[day], opens, worth, max_turnover * worth),
                *(commission, whole, spread[order], impact[order], most[order]),
                *(shares, traded[order], filled[order], wanted),
            )
            cash -= net + of_commission + of_spread + of_impact
            gross += size
            commission_paid += of_commission
            spread_paid += of_spread
            impact_paid += of_impact
        for i in range(symbols):
            if has_bar[i]:
                mark[i] = closes[day, i]
        if trading:
            worth = cash
            for i in range(symbols):
                worth += shares[i] * mark[i]
            worths[order, 1] = worth
            net, size, of_commission, of_spread, of_impact = _fill(
                *(weights[order], mark, late, worth, max_turnover * worth - gross),
                *(commission, whole, spread[order], impact[order], most[order]),
                *(shares, traded[order], filled[order], wanted),
            )
            cash -= net + of_commission + of_spread + of_impact
            gross += size
            commission_paid += of_commission
            spread_paid += of_spread
            impact_paid += of_impact
        long = 0.0
        short = 0.0
        for i in range(symbols):
            value = shares[i] * mark[i]
            long += max(value, 0.0)
            short += max(-value, 0.0)
            if in_detail:
                held[day, i] = shares[i]
                bought = traded[order, i] if trading else 0.0
                profit[day, i] += value - before[i] - bought
        if trading:
            order += 1
        borrow = short * borrow_rate
        cash -= borrow
        equity = max(cash + long - short, 0.0)
        bars[day, NET] = equity / last - 1.0
        bars[day, TURNOVER] = gross / last
        bars[day, COMMISSION] = commission_paid / last
        bars[day, SPREAD] = spread_paid / last
        bars[day, IMPACT] = impact_paid / last
        bars[day, BORROW] = borrow / last
        bars[day, INTEREST] = interest / last
        bars[day, DIVIDEND] = dividend / last
        if equity > 0.0:
            bars[day, LONG] = long / equity
            bars[day, SHORT] = short / equity
        bars[day, EQUITY] = equity / capital
        last = equity
    return bars, traded, filled, worths, held, profit

"""The book's accounting: panels worked out by hand, an oracle, and what must always hold."""

from __future__ import annotations

import datetime as dt
import math
from math import inf, nan

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from market_of import market_of

from breadthflow_engine.backtest.book import Book, make_book
from breadthflow_engine.backtest.portfolio import Orders, execute
from breadthflow_engine.backtest.settings import BARS_PER_YEAR, Trading


def book_of(opens, closes, orders: dict[int, list[float]], **trading) -> Book:
    """Run orders given by the day of their signal."""
    free = {"commission_bps": 0, "slippage_bps": 0, "borrow_bps_per_year": 0}
    market = market_of(opens, closes)
    asked = Orders(
        np.array(list(orders), dtype=np.int64), np.array(list(orders.values()), dtype=np.float64)
    )
    terms = Trading.model_validate({"strategy": "long_short", **free, **trading})
    return make_book(market, execute(market, asked, terms))


def column(book: Book, name: str) -> list[float]:
    return book.bars[name].to_list()


def test_a_long_position_bought_at_the_next_open():
    book = book_of([[9], [10], [11]], [[10], [12], [9]], {0: [1]}, commission_bps=100)
    # 1.00 buys 0.1 shares at 10 and costs 0.01: 0.1 * 12 - 0.01, then 0.1 * 9 - 0.01.
    assert column(book, "equity") == pytest.approx([1, 1.19, 0.89], abs=1e-12)
    assert column(book, "net_return") == pytest.approx([0, 0.19, 0.89 / 1.19 - 1], abs=1e-12)
    assert column(book, "gross_return") == pytest.approx([0, 0.20, 0.89 / 1.19 - 1], abs=1e-12)
    assert column(book, "turnover") == pytest.approx([0, 1, 0], abs=1e-12)
    assert column(book, "long_exposure") == pytest.approx([0, 1.2 / 1.19, 0.9 / 0.89], abs=1e-12)
    assert column(book, "drawdown") == pytest.approx([0, 0, 0.89 / 1.19 - 1], abs=1e-12)
    told = ("symbol", "signal_date", "date", "price_of", "side", "price", "weight_change", "cost")
    assert book.trades.select(told).rows() == [
        ("S000", dt.date(2020, 1, 1), dt.date(2020, 1, 2), "open", "buy", 10.0, 1.0, 0.01)
    ]


def test_the_same_position_bought_at_the_next_close():
    book = book_of([[9], [10], [11]], [[10], [12], [9]], {0: [1]}, execution="next_close")
    assert column(book, "equity") == pytest.approx([1, 1, 0.75], abs=1e-12)
    assert book.trades["price"].to_list() == [12.0]


def test_a_long_short_pair_with_drift_rebalance_slippage_and_borrow():
    opens = [[10, 20], [10, 20], [12, 18], [12, 18]]
    closes = [[10, 20], [11, 20], [12, 18], [13, 17]]
    book = book_of(
        opens,
        closes,
        {0: [0.5, -0.5], 1: [0.5, -0.5]},
        slippage_bps=10,
        borrow_bps_per_year=252,
    )
    # Day 1: 0.05 shares long at 10, 0.025 short at 20, cost 0.001, borrow 0.5 bp of 0.5.
    first = 1 + 0.05 * (11 - 10) - 0.001 - 0.5e-4
    # Day 2: at the open 0.05 * 12 long, 0.025 * 18 short.
    worth = first + 0.05 * (12 - 11) - 0.025 * (18 - 20)
    half = worth / 2
    cost = (abs(half - 0.6) + abs(half - 0.45)) * 0.001
    second = worth - cost - half * 1e-4
    third = second + half * (13 / 12 - 1) - half * (17 / 18 - 1) - half * 17 / 18 * 1e-4
    assert column(book, "equity") == pytest.approx([1, first, second, third], abs=1e-12)
    assert column(book, "trading_cost")[2] == pytest.approx(cost / first, abs=1e-12)
    assert column(book, "borrow_cost")[3] == pytest.approx(half * 17 / 18 * 1e-4 / second)
    sides = book.trades.filter(pl.col("date") == dt.date(2020, 1, 3))
    assert sides["side"].to_list() == ["buy" if half > 0.6 else "sell", "sell"]
    assert sides["weight_change"].to_list() == pytest.approx(
        [(half - 0.6) / worth, (0.45 - half) / worth], abs=1e-12
    )


def test_without_an_open_the_order_is_filled_at_the_close():
    book = book_of([[9, 9], [10, nan], [11, 5]], [[10, 4], [12, 5], [9, 6]], {0: [0.5, 0.5]})
    # S0: 0.05 shares at 10. At the close equity is 1.1, so 0.55 of S1 at 5.
    assert book.trades["price"].to_list() == [10.0, 5.0]
    assert column(book, "equity") == pytest.approx([1, 1.1, 1.1 - 0.15 + 0.11], abs=1e-12)


def test_without_a_bar_nothing_is_traded_and_the_last_price_stays():
    opens = [[10, 10], [10, nan], [10, 10], [10, nan], [10, 10]]
    closes = [[10, 10], [10, nan], [10, 20], [10, nan], [10, 30]]
    book = book_of(opens, closes, {0: [0.5, 0.5], 1: [0, 1], 2: [0, 0]})
    days = book.trades.select("symbol", "date", "side").rows()
    assert days == [
        ("S000", dt.date(2020, 1, 2), "buy"),
        ("S000", dt.date(2020, 1, 3), "sell"),
        ("S001", dt.date(2020, 1, 3), "buy"),
    ], "S1 could not be bought on day 1, nor sold on day 3"
    assert column(book, "equity") == pytest.approx([1, 1, 2, 2, 3], abs=1e-12)


def test_a_short_that_ruins_the_book_ends_it():
    book = book_of([[10], [10], [30], [30]], [[10], [10], [30], [40]], {0: [-1], 2: [-1]})
    assert column(book, "equity") == [1, 1, 0, 0]
    assert column(book, "net_return") == [0, 0, -1, 0]
    assert column(book, "drawdown") == [0, 0, -1, -1]
    assert book.trades.height == 1


def test_a_signal_on_the_last_day_is_not_traded():
    assert book_of([[10], [10]], [[10], [10]], {1: [1]}).trades.is_empty()


def plain_equity(
    opens: list[list[float]],
    closes: list[list[float]],
    orders: dict[int, list[float]],
    *,
    at_open: bool,
    cost_rate: float,
    borrow_rate: float,
) -> list[float]:
    """The same accounting, the slow and obvious way: equity at each close.

    `orders` maps the bar of the fill to the target weights.
    """
    shares: dict[int, float] = {}
    price: dict[int, float] = {}
    cash = 1.0
    equity = []
    for day, (open_row, close_row) in enumerate(zip(opens, closes, strict=True)):
        everyone = range(len(close_row))
        has_bar = {i for i in everyone if math.isfinite(close_row[i])}
        moments = []
        if day in orders:
            opened = {i for i in has_bar if math.isfinite(open_row[i])}
            moments = (
                [("open", opened), ("close", has_bar - opened)] if at_open else [("close", has_bar)]
            )
        for moment, tradable in moments:
            if moment == "close":
                price.update({i: close_row[i] for i in has_bar})
            now = dict(price)
            if moment == "open":
                now.update({i: open_row[i] for i in tradable})
            worth = cash + sum(count * now[i] for i, count in shares.items())
            for i in tradable:
                wanted = orders[day][i] * worth / now[i]
                notional = (wanted - shares.get(i, 0.0)) * now[i]
                cash -= notional + abs(notional) * cost_rate
                shares[i] = wanted
        price.update({i: close_row[i] for i in has_bar})
        short = sum(-count * price[i] for i, count in shares.items() if count < 0)
        cash -= short * borrow_rate
        equity.append(cash + sum(count * price[i] for i, count in shares.items()))
    return equity


PRICES = some.floats(1, 1000) | some.sampled_from([nan])


@some.composite
def markets(draw):
    days, symbols = draw(some.integers(3, 12)), draw(some.integers(1, 5))
    row = some.lists(PRICES, min_size=symbols, max_size=symbols)
    opens = draw(some.lists(row, min_size=days, max_size=days))
    closes = draw(some.lists(row, min_size=days, max_size=days))
    weight = some.floats(-0.15, 0.5)
    signals = sorted(draw(some.sets(some.integers(0, days - 2), min_size=1)))
    orders = {day: draw(some.lists(weight, min_size=symbols, max_size=symbols)) for day in signals}
    return opens, closes, orders


@given(markets(), some.booleans(), some.floats(0, 200), some.floats(0, 5000))
@settings(max_examples=300, deadline=None)
def test_any_market_is_booked_as_the_oracle_books_it(market, at_open, slippage, borrow):
    opens, closes, orders = market
    expected = plain_equity(
        opens,
        closes,
        {day + 1: weights for day, weights in orders.items()},
        at_open=at_open,
        cost_rate=slippage / 1e4,
        borrow_rate=borrow / 1e4 / BARS_PER_YEAR,
    )
    if min(expected) <= 1e-6:
        return
    book = book_of(
        opens,
        closes,
        orders,
        execution="next_open" if at_open else "next_close",
        slippage_bps=slippage,
        borrow_bps_per_year=borrow,
    )
    assert column(book, "equity") == pytest.approx(expected, rel=1e-9)


@given(markets(), some.booleans())
@settings(max_examples=200, deadline=None)
def test_costs_add_up(market, at_open):
    opens, closes, orders = market
    execution = "next_open" if at_open else "next_close"
    book = book_of(
        opens, closes, orders, execution=execution, slippage_bps=30, borrow_bps_per_year=100
    )
    bars = book.bars
    assert (bars["gross_return"] - bars["cost"]).to_list() == pytest.approx(
        column(book, "net_return"), abs=1e-12
    )
    assert np.cumprod(1 + bars["net_return"].to_numpy()) == pytest.approx(
        bars["equity"].to_numpy(), rel=1e-9, abs=1e-12
    )
    assert (bars["turnover"] * 30e-4).to_list() == pytest.approx(
        column(book, "trading_cost"), abs=1e-12
    )
    paid = book.trades.group_by("date").agg(pl.col("cost").sum())
    by_day = bars.join(paid, on="date", how="left")["cost_right"].fill_null(0)
    assert by_day.to_list() == pytest.approx(column(book, "trading_cost"), abs=1e-12)


@given(markets(), some.booleans(), some.randoms())
@settings(max_examples=200, deadline=None)
def test_no_return_is_earned_at_prices_known_when_the_signal_was_made(market, at_open, chance):
    """Prices up to and on the day of the first signal can be anything: nothing changes."""
    opens, closes, orders = market
    execution = "next_open" if at_open else "next_close"
    before = book_of(opens, closes, orders, execution=execution)
    first = min(orders)
    for day in range(first + 1):
        opens[day] = [chance.uniform(1, 1000) for _ in opens[day]]
        closes[day] = [chance.uniform(1, 1000) for _ in closes[day]]
    if not at_open:
        opens[first + 1] = [inf for _ in opens[first + 1]]
    after = book_of(opens, closes, orders, execution=execution)
    assert after.bars["equity"].equals(before.bars["equity"])
    assert (after.trades["date"] > after.trades["signal_date"]).all()


@pytest.mark.parametrize("execution", ["next_open", "next_close"])
def test_foresight_of_the_move_up_to_the_fill_earns_nothing(execution: str):
    """Symbol d jumps in the night after day d and never again; each signal knows the next jump."""
    days = 20
    jumped = np.tril(np.ones((days, days)), k=-1)
    prices = np.where(jumped, 150.0, 100.0)
    orders = {day: list(np.eye(days)[day]) for day in range(days)}
    book = book_of(prices, prices, orders, execution=execution)
    assert book.trades.height > days
    assert column(book, "equity") == pytest.approx([1.0] * days, abs=1e-12)

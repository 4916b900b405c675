"""What trading costs and earns besides price moves: small cases worked out by hand."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from market_of import accounts_of, market_of

from breadthflow_engine.backtest import accounting
from breadthflow_engine.backtest.frictions import square_root_impact
from breadthflow_engine.backtest.market import implied_dividends, make_market
from breadthflow_engine.backtest.portfolio import DELISTED_AFTER
from breadthflow_engine.backtest.spread import abdi_ranaldo_square, corwin_schultz

FLAT = [[10.0]] * 4


def equity(accounts) -> list[float]:
    return accounts.bars[:, accounting.EQUITY].tolist()


def test_impact_is_the_square_root_law():
    rng = np.random.default_rng(1)
    closes = 10 * np.exp(np.cumsum(rng.normal(0, 0.02, (80, 1)), axis=0))
    market = market_of(closes, closes, volume=5_000)
    day = 70
    accounts = accounts_of(market, {day: [0.5]}, impact=0.8, capital=100_000)
    volatility = np.std(closes[day - 62 : day + 1, 0] / closes[day - 63 : day, 0] - 1, ddof=1)
    volume = np.mean(closes[day - 20 : day + 1, 0] * 5_000)
    notional = 50_000
    paid = notional * 0.8 * volatility * np.sqrt(notional / volume)
    assert accounts.bars[day + 1, accounting.IMPACT] == pytest.approx(paid / 100_000)
    twice = accounts_of(market, {day: [1.0]}, impact=0.8, capital=100_000)
    ratio = twice.bars[day + 1, accounting.IMPACT] / accounts.bars[day + 1, accounting.IMPACT]
    assert ratio == pytest.approx(2**1.5)


def test_impact_of_unknown_volume_is_that_of_the_dearest_symbol():
    closes = 10 + np.random.default_rng(2).normal(0, 0.1, (80, 2))
    market = market_of(closes, closes, volume=[5_000, np.nan])
    days = np.array([70])
    unit = square_root_impact(market, days, np.array([[50_000.0, np.nan]]), 1.0)
    assert unit[0, 1] == unit[0, 0] > 0


def test_no_more_than_a_share_of_the_bars_volume_is_traded():
    market = market_of(FLAT, FLAT, volume=1_000)
    accounts = accounts_of(market, {0: [1.0], 1: [1.0]}, participation=0.1, capital=5_000)
    assert accounts.traded.ravel().tolist() == [1_000, 1_000], "the rest lapses, and is asked again"
    unknown = accounts_of(market_of(FLAT, FLAT, volume=np.nan), {0: [1.0]}, participation=0.1)
    assert not unknown.traded.any(), "no volume is known, so nothing can be traded"


def test_whole_shares_are_rounded_towards_zero():
    market = market_of([[7.0, 7.0]] * 3, [[7.0, 7.0]] * 3)
    accounts = accounts_of(market, {0: [0.5, -0.5]}, whole_shares=True, capital=100)
    assert accounts.held[1].tolist() == [7, -7]
    nothing = accounts_of(market, {0: [0.5, -0.5]}, whole_shares=True, capital=10)
    assert not nothing.traded.any()


def test_a_rebalance_trades_no_more_than_allowed_and_cuts_all_orders_alike():
    market = market_of([[10.0, 20.0]] * 3, [[10.0, 20.0]] * 3)
    accounts = accounts_of(market, {0: [0.6, -0.2]}, max_turnover=0.4)
    assert (accounts.traded[0] / accounts.capital).tolist() == pytest.approx([0.3, -0.1])


def test_cash_earns_interest_and_debt_pays_the_margin():
    idle = accounts_of(market_of(FLAT, FLAT), {0: [0.0]}, cash_rate=0.0252)
    assert equity(idle) == pytest.approx([1, 1.0001, 1.0001**2, 1.0001**3], rel=1e-12)
    levered = accounts_of(
        market_of(FLAT, FLAT), {0: [2.0]}, cash_rate=0.0252, margin_bps_per_year=252
    )
    # Bar 1 earns on cash before it is spent; then one unit is owed at 2 basis points a bar.
    assert levered.bars[2, accounting.INTEREST] == pytest.approx(-0.0002)


def test_dividends_go_to_who_held_the_share_the_day_before():
    paid = [[0.0], [0.7], [0.5], [0.0]]
    long = accounts_of(market_of(FLAT, FLAT, dividend=paid), {0: [1.0]})
    assert equity(long) == pytest.approx([1, 1, 1.05, 1.05]), "bought on bar 1, ex its dividend"
    short = accounts_of(market_of(FLAT, FLAT, dividend=paid), {0: [-1.0]})
    assert equity(short) == pytest.approx([1, 1, 0.95, 0.95])


def test_dividends_are_what_the_adjusted_close_implies():
    close = np.array([[10.0], [10.0], [9.5], [9.6]])
    factor = np.array([[1 - 0.5 / 10], [1 - 0.5 / 10], [1.0], [1.0]])
    assert implied_dividends(close, close * factor).ravel() == pytest.approx([0, 0, 0.5, 0])


def test_a_delisted_position_is_paid_out_at_the_delisting_return():
    closes = np.full((DELISTED_AFTER + 6, 2), 10.0)
    closes[3:, 0] = np.nan
    accounts = accounts_of(market_of(closes, closes), {0: [0.5, 0.5]}, delisting_return=-0.3)
    after = equity(accounts)
    assert after[2 + DELISTED_AFTER - 1] == 1.0
    assert after[2 + DELISTED_AFTER] == pytest.approx(0.85)
    assert accounts.held[-1].tolist() == [0, pytest.approx(0.05 * accounts.capital)]


def test_when_all_are_delisted_the_book_is_cash():
    closes = np.full((DELISTED_AFTER + 6, 2), 10.0)
    closes[3:] = np.nan
    accounts = accounts_of(
        market_of(closes, closes), {0: [0.5, -0.5], 10: [1.0, 0.0]}, delisting_return=-1
    )
    assert equity(accounts)[-1] == pytest.approx(1.0), "the long lost what the short won"
    assert not accounts.held[-1].any()
    assert not accounts.traded[1].any(), "there was nothing left to trade"


def test_a_price_of_nothing_is_no_bar():
    table = pl.DataFrame(
        {
            "symbol": ["A"] * 3,
            "date": [1, 2, 3],
            "open": [0.0, 1, 1],
            "close": [1.0, 0.0, float("inf")],
        }
    ).with_columns(pl.col("date").cast(pl.Date))
    market = make_market(table.lazy(), ["A"])
    assert market.close.tolist() == [[1.0]]
    assert np.isnan(market.open).all()


def spread_market(spread: float, days: int = 4_000):
    """A random walk seen through a spread: half of the trades at the bid, half at the ask."""
    rng = np.random.default_rng(5)
    steps = 390
    walk = np.cumsum(rng.normal(0, 0.01 / np.sqrt(steps), days * steps)).reshape(days, steps)
    seen = np.exp(walk) * (1 + spread / 2 * rng.choice([-1, 1], (days, steps)))
    market = market_of(seen[:, :1], seen[:, -1:])
    object.__setattr__(market, "high", seen.max(axis=1, keepdims=True))
    object.__setattr__(market, "low", seen.min(axis=1, keepdims=True))
    return market


def test_the_spread_estimators_find_a_spread_that_was_put_in():
    market = spread_market(0.01)
    # Corwin and Schultz set negative days to nothing, which lifts their mean a little.
    assert np.nanmean(corwin_schultz(market)) == pytest.approx(0.01, rel=0.2)
    assert np.sqrt(np.nanmean(abdi_ranaldo_square(market))) == pytest.approx(0.01, rel=0.1)

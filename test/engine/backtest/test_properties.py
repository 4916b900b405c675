"""What must hold of every book, whatever the market and whatever was asked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from market_of import accounts_of, random_market, trading_of

from breadthflow_engine.backtest import accounting
from breadthflow_engine.backtest.analytics.attribution import contributions, last_known
from breadthflow_engine.backtest.book import make_book, positions
from breadthflow_engine.backtest.portfolio import Orders, constrained_weights, execute
from breadthflow_engine.backtest.settings import BARS_PER_YEAR
from breadthflow_engine.backtest.study import Study
from breadthflow_engine.protocol.errors import StepError

SYMBOLS = 6
DAYS = 120

asked = some.fixed_dictionaries(
    {
        "execution": some.sampled_from(["next_open", "next_close", "next_vwap"]),
        "commission_bps": some.floats(0, 30),
        "slippage_bps": some.floats(0, 30),
        "borrow_bps_per_year": some.floats(0, 1000),
        "impact": some.sampled_from([0.0, 1.0]),
        "participation": some.sampled_from([None, 0.01, 0.5]),
        "whole_shares": some.booleans(),
        "max_turnover": some.sampled_from([None, 0.3]),
        "cash_rate": some.floats(0, 0.1),
        "margin_bps_per_year": some.floats(0, 500),
        "spread": some.sampled_from(["none", "corwin_schultz", "abdi_ranaldo"]),
    }
)
seeds = some.integers(0, 10_000)


def orders_of(seed: int, gross: float = 0.8) -> dict[int, list[float]]:
    rng = np.random.default_rng(seed)
    days = np.sort(rng.choice(np.arange(60, DAYS - 2), 8, replace=False))
    weights = rng.normal(size=(8, SYMBOLS))
    weights *= gross / np.abs(weights).sum(axis=1, keepdims=True)
    return {int(day): row.tolist() for day, row in zip(days, weights, strict=True)}


@given(seeds, asked)
@settings(max_examples=20, deadline=None)
def test_equity_changes_by_profit_less_costs(seed, terms):
    dividend = np.random.default_rng(seed).choice([0.0, 0.2], (DAYS, SYMBOLS), p=[0.98, 0.02])
    market = random_market(seed, DAYS, SYMBOLS, dividend=dividend)
    accounts = accounts_of(market, orders_of(seed), **terms)
    rate = terms["borrow_bps_per_year"] / 1e4 / BARS_PER_YEAR
    profit, cost = contributions(accounts, rate, market.close)
    interest = accounts.bars[:, accounting.INTEREST]
    net = accounts.bars[:, accounting.NET]
    assert profit.sum(axis=1) - cost.sum(axis=1) + interest == pytest.approx(net, abs=1e-12)
    kinds = [accounting.COMMISSION, accounting.SPREAD, accounting.IMPACT, accounting.BORROW]
    assert cost.sum(axis=1) == pytest.approx(accounts.bars[:, kinds].sum(axis=1), abs=1e-12)


@given(seeds, asked)
@settings(max_examples=20, deadline=None)
def test_every_trade_has_the_price_of_its_bar_and_every_position_that_of_its_last(seed, terms):
    market = random_market(seed, DAYS, SYMBOLS)
    accounts = accounts_of(market, orders_of(seed), **terms)
    book = make_book(market, accounts)
    dates = market.dates.to_list()
    prices = {
        "open": market.open,
        "close": market.close,
        "vwap": (market.open + market.high + market.low + market.close) / 4,
    }
    for trade in book.trades.iter_rows(named=True):
        day, place = dates.index(trade["date"]), int(trade["symbol"][1:])
        assert trade["price"] == prices[trade["price_of"]][day, place]
        assert trade["shares"] * trade["price"] == pytest.approx(trade["notional"])
        assert trade["signal_date"] < trade["date"]
    held = positions(market, accounts)
    last = last_known(market.close)
    for row in held.sample(min(50, held.height), seed=seed).iter_rows(named=True):
        day, place = dates.index(row["date"]), int(row["symbol"][1:])
        assert (
            row["price"] == last[day, place] == market.close[dates.index(row["price_date"])][place]
        )
    bought = np.zeros(SYMBOLS)
    for trade in book.trades.iter_rows(named=True):
        bought[int(trade["symbol"][1:])] += trade["shares"]
    assert bought == pytest.approx(accounts.held[-1], abs=1e-6), "positions are what was traded"


@given(seeds, asked)
@settings(max_examples=20, deadline=None)
def test_limits_hold(seed, terms):
    market = random_market(seed, DAYS, SYMBOLS, volume=2_000)
    accounts = accounts_of(market, orders_of(seed, gross=2.0), **terms)
    if terms["max_turnover"] is not None:
        traded = np.abs(accounts.traded).sum(axis=1)
        assert (traded <= terms["max_turnover"] * accounts.worth.max(axis=1) * (1 + 1e-9)).all()
    if terms["participation"] is not None:
        money = np.nan_to_num(market.close * market.volume)[accounts.orders.fill_day]
        assert (np.abs(accounts.traded) <= terms["participation"] * money * (1 + 1e-9)).all()
    if terms["whole_shares"]:
        assert accounts.held == pytest.approx(np.round(accounts.held), abs=1e-9)


@given(seeds, some.sampled_from([1e-3, 7.0, 1e4]), some.sampled_from([0.01, 3.0, 1000.0]))
@settings(max_examples=20, deadline=None)
def test_neither_the_unit_of_money_nor_that_of_shares_matters(seed, capital, split):
    terms = {
        "commission_bps": 3,
        "slippage_bps": 4,
        "borrow_bps_per_year": 80,
        "impact": 1.0,
        "participation": 0.2,
        "spread": "corwin_schultz",
    }
    plain = accounts_of(random_market(seed), orders_of(seed), **terms)
    # More money against prices and volumes that are as much higher, then shares cut in pieces.
    market = random_market(seed, volume=1e6 / split)
    for name in ("open", "high", "low", "close"):
        object.__setattr__(market, name, getattr(market, name) * capital * split)
    other = accounts_of(market, orders_of(seed), capital=1e6 * capital, **terms)
    assert other.bars == pytest.approx(plain.bars, rel=1e-8, abs=1e-12)


@given(seeds, some.integers(61, DAYS - 2), asked)
@settings(max_examples=20, deadline=None)
def test_nothing_up_to_a_day_depends_on_what_comes_after(seed, cut, terms):
    """Prices and volumes after the cut can be anything: weights, trades and equity until then
    stay."""
    rng = np.random.default_rng(seed)
    trading = trading_of(
        strategy="proportional",
        neutral=["sector", "beta"],
        target_volatility=0.1,
        max_weight=0.4,
        overlap=2,
        short_min_price=30,
        **terms,
    )
    signal = rng.normal(size=(DAYS, SYMBOLS))
    sector = np.array([0, 0, 0, 1, 1, 1])

    def equity_of(market):
        study = Study(market, signal, 60, DAYS, sector, trading)
        days = study.signal_days(trading)
        weights = study.weights(trading, days)
        return days, weights, study.trade(trading, days, weights)

    market, other = random_market(seed), random_market(seed)
    for name in ("open", "high", "low", "close", "volume"):
        getattr(other, name)[cut + 1 :] *= rng.uniform(0.5, 2, (DAYS - cut - 1, SYMBOLS))
    days, weights, accounts = equity_of(market)
    _, other_weights, other_accounts = equity_of(other)
    known = days <= cut
    assert np.array_equal(weights[known], other_weights[known])
    bars = cut + 1 - 60
    assert np.array_equal(accounts.bars[:bars], other_accounts.bars[:bars])


@given(seeds, some.sampled_from(["long_short", "proportional", "long_only", "inverse_volatility"]))
@settings(max_examples=20, deadline=None)
def test_constrained_weights_stay_within_what_was_asked(seed, strategy):
    rng = np.random.default_rng(seed)
    both = strategy in ("long_short", "proportional")
    largest = float(rng.uniform(0.05, 0.5))
    market = random_market(seed, DAYS, 12)
    trading = trading_of(
        strategy=strategy,
        quantile=0.4,
        gross=1.5,
        max_weight=largest,
        neutral=["sector"] if both else [],
    )
    signal = rng.normal(size=(4, 12))
    signal[rng.random(signal.shape) < 0.1] = np.nan
    sector = np.repeat(np.arange(3), 4)
    weights = constrained_weights(market, signal, np.array([70, 80, 90, 100]), trading, sector)
    assert np.abs(weights).max() <= largest * (1 + 1e-9)
    assert np.abs(weights).sum(axis=1).max() <= 1.5 * (1 + 1e-9)
    assert not weights[np.isnan(signal)].any()
    if both:
        for code in range(3):
            assert weights[:, sector == code].sum(axis=1) == pytest.approx(np.zeros(4), abs=1e-9)
    else:
        assert weights.min() >= 0


def test_orders_that_are_no_numbers_are_refused():
    with pytest.raises(StepError) as error:
        execute(
            random_market(1), Orders(np.array([60]), np.full((1, SYMBOLS), np.nan)), trading_of()
        )
    assert error.value.code == "backtest.weights_not_finite"

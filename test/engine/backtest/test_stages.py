"""The stages between signal and trade, each by itself, against cases worked out by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from market_of import market_of, random_market, trading_of
from pydantic import ValidationError

from breadthflow_engine.backtest.fills import first_prices
from breadthflow_engine.backtest.frictions import shortable
from breadthflow_engine.backtest.limits import at_target_volatility, within_position_limit
from breadthflow_engine.backtest.neutral import neutralised
from breadthflow_engine.backtest.schedule import overlapped, rebalance_days
from breadthflow_engine.backtest.targets import target_weights
from breadthflow_engine.backtest.trailing import (
    returns,
    row_mean,
    trailing_beta,
    trailing_volatility,
)


def test_the_first_signal_of_each_month_or_every_second_week_is_traded():
    dates = pl.Series(pl.date_range(dt.date(2021, 1, 28), dt.date(2021, 3, 3), "1d", eager=True))
    signal = np.ones((len(dates), 2))
    months = rebalance_days(signal, 1, dates, "month")
    assert dates[months].to_list() == [
        dt.date(2021, month, 1 if month > 1 else 28) for month in (1, 2, 3)
    ]
    weeks = rebalance_days(signal, 2, dates, "week")
    assert [str(day) for day in dates[weeks]] == ["2021-01-28", "2021-02-08", "2021-02-22"]


def test_an_overlapping_book_is_the_mean_of_the_last_targets():
    weights = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [-1.0, 0.0]])
    assert overlapped(weights, 2).tolist() == [[0.5, 0], [0.5, 0.5], [0.5, 0.5], [0, 0]]


def test_proportional_weights_are_half_long_half_short_by_distance_from_the_mean():
    weights = target_weights(np.array([[1.0, 2, 3, 6, np.nan]]), "proportional")
    assert weights[0] == pytest.approx([-1 / 3, -1 / 6, 0, 0.5, 0])


def test_top_n_takes_the_place_of_the_quantile():
    signal = np.array([[5.0, 4, 3, 2, 1]])
    assert target_weights(signal, "long_only", top_n=2)[0].tolist() == [0.5, 0.5, 0, 0, 0]
    assert target_weights(signal, "long_short", top_n=9)[0].tolist() == [
        0.25,
        0.25,
        0,
        -0.25,
        -0.25,
    ]


def test_what_cannot_be_borrowed_is_passed_over_on_the_short_side():
    signal = np.array([[5.0, 4, 3, 2, 1]])
    may = np.array([[True, True, True, True, False]])
    weights = target_weights(signal, "long_short", top_n=1, shortable=may)
    assert weights[0].tolist() == [0.5, 0, 0, -0.5, 0]
    nobody = target_weights(signal, "long_short", top_n=1, shortable=np.zeros_like(may))
    assert nobody[0].tolist() == [0.5, 0, 0, 0, 0]


def test_cheap_and_thinly_traded_symbols_cannot_be_borrowed():
    prices = np.tile([3.0, 30.0, 30.0], (30, 1))
    market = market_of(prices, prices, volume=[1e6, 1e6, 10])
    trading = trading_of(short_min_price=5, short_min_volume=1_000)
    assert shortable(market, np.array([29]), trading).tolist() == [[False, True, False]]
    assert shortable(market, np.array([29]), trading_of()) is None


def test_what_is_cut_at_the_limit_goes_to_the_others_of_its_side():
    weights = within_position_limit(np.array([[0.4, 0.1, 0.1, -0.3, -0.1, 0.0]]), 0.25)
    assert weights[0] == pytest.approx([0.25, 0.175, 0.175, -0.25, -0.15, 0])
    all_at_it = within_position_limit(np.array([[0.6, 0.4, 0.0]]), 0.3)
    assert all_at_it[0].tolist() == [0.3, 0.3, 0], "the rest stays in cash"


def test_a_neutral_book_keeps_its_size_and_lets_lone_names_go():
    weights = np.array([[0.3, -0.1, 0.2, -0.2, 0.2]])
    sectors = np.array([0, 0, 1, 1, 2])
    found = neutralised(weights, sectors)[0]
    assert found[:2].sum() == pytest.approx(0)
    assert found[2:4].sum() == pytest.approx(0)
    assert found[4] == pytest.approx(0)
    assert np.abs(found).sum() == pytest.approx(1)


def test_a_beta_neutral_book_adds_up_to_nothing_and_has_no_beta():
    rng = np.random.default_rng(3)
    beta = rng.uniform(0.5, 1.5, (1, 20))
    beta[0, 3] = np.nan
    weights = rng.normal(size=(1, 20)) / 20
    found = neutralised(weights, None, beta, max_weight=0.1)[0]
    assert found.sum() == pytest.approx(0, abs=1e-12)
    assert found @ np.nan_to_num(beta[0]) == pytest.approx(0, abs=1e-12)
    assert found[3] == 0
    assert np.abs(found).max() <= 0.1


def test_beta_and_volatility_are_those_of_a_regression_and_a_sample():
    daily = returns(random_market(4, 300, 5).close)
    day = np.array([299])
    index = row_mean(daily)
    window = slice(48, 300)
    for place in range(5):
        own = daily[window, place]
        known = np.isfinite(own)
        slope = np.polyfit(index[window][known], own[known], 1)[0]
        assert trailing_beta(daily, day)[0, place] == pytest.approx(slope)
        sample = daily[237:300, place]
        assert trailing_volatility(daily, day)[0, place] == pytest.approx(
            np.std(sample[np.isfinite(sample)], ddof=1)
        )


def test_a_book_is_scaled_to_the_volatility_that_it_would_have_had():
    daily = np.random.default_rng(5).normal(0, 0.01, (100, 3))
    weights = np.array([[0.5, -0.5, 0.0], [0.5, -0.5, 0.0]])
    found = at_target_volatility(weights, daily, np.array([10, 99]), 0.05, 10)
    assert found[0].tolist() == weights[0].tolist(), "too little is known on bar 10"
    earned = daily[37:100] @ found[1]
    assert earned.std(ddof=1) * 252**0.5 == pytest.approx(0.05)
    capped = at_target_volatility(weights, daily, np.array([99]), 1.0, 2)
    assert capped[0].tolist() == [1.0, -1.0, 0.0]


def test_the_mean_price_of_a_bar_stands_for_its_vwap():
    market = market_of([[10.0], [np.nan]], [[12.0], [12.0]])
    assert first_prices(market, "next_vwap")[0, 0] == 11.0
    assert np.isnan(first_prices(market, "next_vwap")[1, 0]), "filled at the close instead"


@pytest.mark.parametrize("strategy", ["long_only", "inverse_volatility"])
def test_only_a_book_with_two_sides_can_be_neutral(strategy):
    with pytest.raises(ValidationError, match="both sides"):
        trading_of(strategy=strategy, neutral=["beta"])

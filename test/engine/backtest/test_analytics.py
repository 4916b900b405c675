"""What a book says of itself: sums that must add up, and oracles from outside."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from market_of import random_market, trading_of

from breadthflow_engine.backtest import accounting
from breadthflow_engine.backtest.analytics.attribution import attribution
from breadthflow_engine.backtest.analytics.curves import MAX_POINTS, equity_curve, rolling_sharpe
from breadthflow_engine.backtest.analytics.factors import factor_exposure, newey_west
from breadthflow_engine.backtest.analytics.periods import calendar_of_returns
from breadthflow_engine.backtest.analytics.sensitivity import (
    cost_and_delay,
    rebalance_and_breadth,
)
from breadthflow_engine.backtest.analytics.start_dates import (
    first_signal_shifted,
    year_from_each_start,
)
from breadthflow_engine.backtest.book import make_book
from breadthflow_engine.backtest.crossing import crossing_equity, crossing_grid
from breadthflow_engine.backtest.settings import BARS_PER_YEAR
from breadthflow_engine.backtest.study import Study
from breadthflow_engine.statistics import sharpe_ratio

DAYS, SYMBOLS, FIRST = 900, 12, 260
SECTORS = ["one", "two", "three"]
SECTOR = np.arange(SYMBOLS) % 3
TERMS = {"commission_bps": 2, "slippage_bps": 5, "borrow_bps_per_year": 300, "cash_rate": 0.02}


@pytest.fixture(scope="module")
def study() -> Study:
    market = random_market(7, DAYS, SYMBOLS)
    signal = np.random.default_rng(8).normal(size=market.close.shape)
    return Study(market, signal, FIRST, DAYS, SECTOR, trading_of(quantile=0.25, **TERMS))


@pytest.fixture(scope="module")
def book(study):
    days = study.signal_days(study.trading)
    weights = study.weights(study.trading, days)
    accounts = study.trade(study.trading, days, weights, in_detail=True)
    bars = make_book(study.window, accounts).bars.with_columns(
        benchmark_return=pl.lit(0.0), benchmark_equity=pl.lit(1.0)
    )
    return days, weights, accounts, bars


def test_sectors_years_and_symbols_add_up_to_the_net_returns(study, book):
    _, _, accounts, bars = book
    rate = TERMS["borrow_bps_per_year"] / 1e4 / BARS_PER_YEAR
    found = attribution(study.window, accounts, rate, SECTOR, SECTORS)
    total = bars["net_return"].sum()
    interest = bars["interest"].sum()
    assert sum(part["net"] for part in found["sectors"]) + interest == pytest.approx(total)
    assert sum(part["net"] for part in found["years"]) == pytest.approx(total)
    assert np.sum(found["by_year"]["net"]) + interest == pytest.approx(total)
    by_year = bars.group_by(pl.col("date").dt.year()).agg(pl.col("net_return").sum()).sort("date")
    assert [part["net"] for part in found["years"]] == pytest.approx(
        by_year["net_return"].to_list()
    )
    assert found["best"][0]["net"] == max(part["net"] for part in found["best"])
    assert found["worst"][0]["net"] == min(part["net"] for part in found["worst"])
    assert sum(part["size"] for part in found["sectors"]) == pytest.approx(
        (bars["long_exposure"] + bars["short_exposure"]).mean()
    )


def test_months_compound_to_years_and_years_to_the_equity(book):
    bars = book[-1]
    found = calendar_of_returns(bars)
    for row, total in zip(found["months"], found["total"], strict=True):
        assert np.prod([1 + month for month in row if month is not None]) == pytest.approx(
            1 + total
        )
    assert np.prod(1 + np.array(found["total"])) == pytest.approx(bars["equity"][-1])


def test_a_rolling_sharpe_ratio_is_that_of_its_window(book):
    bars = book[-1]
    found = rolling_sharpe(bars)
    window = bars["net_return"].to_numpy()[-126:]
    assert found["net"][-1] == pytest.approx(sharpe_ratio(window, BARS_PER_YEAR))
    assert found["date"][-1] == str(bars["date"][-1])


def test_a_curve_has_few_points_and_always_the_last(book):
    bars = book[-1]
    found = equity_curve(bars)
    assert len(found["date"]) <= MAX_POINTS
    assert found["equity"][-1] == bars["equity"][-1]
    assert found["commission"][-1] == pytest.approx(bars["commission"].sum())


def test_costs_and_delay_are_those_of_books_that_were_run_so(study, book):
    days, weights, accounts, _ = book
    frictions = study.frictions(study.trading, days)
    found = cost_and_delay(study, days, weights, frictions, threads=2)
    own = sharpe_ratio(accounts.bars[1:, accounting.NET], BARS_PER_YEAR)
    assert found["sharpe_net"][0][found["cost"].index(1.0)] == pytest.approx(own)
    dear = study.trading.model_copy(update={"commission_bps": 6, "slippage_bps": 15})
    later = study.trade(dear, days, weights, delay=2)
    at = found["sharpe_net"][found["delay"].index(2)][found["cost"].index(3.0)]
    assert at == pytest.approx(sharpe_ratio(later.bars[1:, accounting.NET], BARS_PER_YEAR))
    assert later.orders.fill_day[0] == days[0] - FIRST + 3


def test_the_idea_is_one_of_the_cells_and_one_of_the_offsets(study, book):
    own = sharpe_ratio(book[2].bars[1:, accounting.NET], BARS_PER_YEAR)
    assert first_signal_shifted(study, 1)["sharpe_net"][0] == pytest.approx(own)
    wide = Study(
        study.market, study.prediction, FIRST, DAYS, SECTOR, trading_of(quantile=0.2, **TERMS)
    )
    days = wide.signal_days(wide.trading)
    same = wide.trade(wide.trading, days, wide.weights(wide.trading, days))
    found = rebalance_and_breadth(wide, threads=2)
    cell = found["sharpe_net"][found["rebalance"].index(5)][found["values"].index(0.2)]
    assert cell == pytest.approx(sharpe_ratio(same.bars[1:, accounting.NET], BARS_PER_YEAR))


def test_the_worst_start_is_the_lowest_of_all_years(book):
    bars = book[-1]
    found = year_from_each_start(bars)
    net = bars["net_return"].to_numpy()[1:]
    years = [np.prod(1 + net[at : at + 252]) - 1 for at in range(len(net) - 251)]
    assert found["worst"]["net_return"] == pytest.approx(min(years))
    assert found["worst"]["date"] == str(bars["date"][1 + int(np.argmin(years))])
    assert found["losing"] == pytest.approx(np.mean(np.array(years) < 0))


def test_factors_find_what_a_book_was_made_of(study):
    daily = study.market.close[1:] / study.market.close[:-1] - 1
    market = np.nanmean(daily, axis=1)[FIRST:]
    rng = np.random.default_rng(9)
    found = factor_exposure(
        study.market, FIRST + 1, 0.0001 + 0.7 * market + rng.normal(0, 1e-5, len(market))
    )
    betas = {factor["name"]: factor["beta"] for factor in found["factors"]}
    assert betas["market"] == pytest.approx(0.7, abs=1e-3)
    assert [betas[name] for name in ("size", "momentum", "volatility")] == pytest.approx(
        [0, 0, 0], abs=1e-3
    )
    assert found["alpha"] == pytest.approx(0.0252, rel=0.02)
    assert found["r_squared"] > 0.99


def test_standard_errors_are_those_of_statsmodels():
    regression = pytest.importorskip("statsmodels.regression.linear_model")
    rng = np.random.default_rng(2)
    design = np.column_stack([np.ones(300), rng.normal(size=(300, 2))])
    values = design @ [0.1, 1, -1] + np.convolve(rng.normal(size=304), np.ones(5), "valid")
    slopes, errors, explained = newey_west(design, values)
    lags = int(4 * 3 ** (2 / 9))
    theirs = regression.OLS(values, design).fit(cov_type="HAC", cov_kwds={"maxlags": lags})
    assert slopes == pytest.approx(theirs.params)
    assert errors == pytest.approx(theirs.bse)
    assert explained == pytest.approx(theirs.rsquared)


def test_a_grid_of_crossings_says_what_each_book_by_itself_does():
    market = random_market(3, 200, 5)
    market.close[:, 4] = np.nan
    fast, slow = np.array([3, 5, 10]), np.array([20, 30, 10])
    costs = {"fee": 0.001, "slippage": 0.0005}
    grid = crossing_grid(market.open, market.close, fast, slow, threads=2, **costs)
    for pair in range(3):
        equity = crossing_equity(
            market.open, market.close, int(fast[pair]), int(slow[pair]), **costs
        )
        for symbol in range(4):
            own = equity[np.isfinite(equity[:, symbol]), symbol]
            assert grid.final[pair, symbol] == pytest.approx(own[-1])
            fall = own / np.maximum.accumulate(own) - 1
            assert grid.drawdown[pair, symbol] == pytest.approx(fall.min())
            sharpe = sharpe_ratio(own[1:] / own[:-1] - 1, BARS_PER_YEAR)
            if sharpe is None:
                assert np.isnan(grid.sharpe[pair, symbol])
            else:
                assert grid.sharpe[pair, symbol] == pytest.approx(sharpe)
    assert np.isnan(grid.final[:, 4]).all(), "a symbol without bars has no book"
    assert grid.fills[2].tolist() == [0] * 5, "a window never crosses itself"


def test_windows_of_no_bars_are_refused():
    with pytest.raises(ValueError, match="one bar or more"):
        crossing_grid(np.ones((5, 1)), np.ones((5, 1)), np.array([0]), np.array([2]))

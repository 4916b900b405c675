"""Numbers that do not exist are absent with a reason, never wrong."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import polars as pl
import pytest
from market_of import accounts_of, market_of, random_market, trading_of

from breadthflow_engine.backtest.absent import Absent
from breadthflow_engine.backtest.analytics.capacity import capacity_curve
from breadthflow_engine.backtest.analytics.curves import rolling_sharpe
from breadthflow_engine.backtest.analytics.factors import factor_exposure
from breadthflow_engine.backtest.analytics.start_dates import year_from_each_start
from breadthflow_engine.backtest.book import make_book
from breadthflow_engine.backtest.performance import performance
from breadthflow_engine.backtest.study import Study
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.backtest import STEP
from breadthflow_engine.steps.backtest.warnings import warnings_of, why_nothing_traded

RATIOS = ("sharpe_net", "sharpe_gross", "annual_return", "annual_volatility", "calmar")


def bars_of(net: list[float], turnover: float = 1.0) -> pl.DataFrame:
    """A book's bars with these returns after the first row."""
    returns = np.array([0.0, *net])
    equity = np.cumprod(1 + returns)
    known = np.nan_to_num(equity, nan=1.0)
    return pl.DataFrame(
        {
            "date": [dt.date(2020, 1, 1) + dt.timedelta(days=day) for day in range(len(returns))],
            "net_return": returns,
            "gross_return": returns,
            "benchmark_return": returns,
            "equity": equity,
            "drawdown": known / np.maximum.accumulate(known) - 1,
            "turnover": np.full(len(returns), turnover),
            "long_exposure": np.full(len(returns), turnover),
            "short_exposure": np.zeros(len(returns)),
            "cost": np.zeros(len(returns)),
        }
    )


def absent(found: dict, *names: str) -> set[str]:
    """The reasons of these numbers, all of which must be absent, and no other reason told."""
    assert all(found[name] is None for name in names)
    assert {name for name, value in found.items() if value is None} == set(found["reasons"])
    return {found["reasons"][name] for name in names}


def test_returns_that_are_no_numbers():
    found = performance(bars_of([0.01, float("nan")] * 30))
    assert absent(found, *RATIOS, "total_return") == {"30 of 60 returns are not finite"}


def test_two_observations():
    found = performance(bars_of([0.01, -0.02]))
    assert absent(found, *RATIOS) == {"2 bars are too few, 21 are the least"}
    assert found["total_return"] == pytest.approx(1.01 * 0.98 - 1)
    assert found["max_drawdown"] == pytest.approx(-0.02)


def test_no_trades():
    found = performance(bars_of([0.0] * 60, turnover=0.0), "there was nothing to buy")
    assert absent(found, *RATIOS, "max_drawdown", "hit_rate") == {"there was nothing to buy"}


def test_one_trade_is_a_book_like_any_other():
    market = random_market(3, 120, 1)
    book = make_book(market, accounts_of(market, {60: [0.5]}))
    assert book.trades.height == 1
    found = performance(book.bars.slice(60))
    assert found["reasons"] == {}
    assert found["sharpe_net"] is not None


def test_returns_without_variance():
    found = performance(bars_of([0.001] * 60))
    assert absent(found, "sharpe_net", "sharpe_gross") == {"the returns do not vary"}
    assert found["reasons"]["calmar"] == "equity never fell below its peak"
    assert found["annual_return"] == pytest.approx(1.001**252 - 1)


def test_ruin_is_said_and_what_follows_it_is_no_return():
    flat = [[10.0]] * 40 + [[50.0]] * 40
    market = market_of(flat, flat)
    book = make_book(market, accounts_of(market, {0: [-1.0]}))
    found = performance(book.bars)
    assert found["ruined"]
    assert found["days"] == 40
    assert found["annual_return"] == -1
    assert warnings_of(trading_of(), None, found["ruined"])[0].startswith("The book was ruined")


def study_of(market, **asked) -> Study:
    signal = np.random.default_rng(1).normal(size=market.close.shape)
    return Study(market, signal, 60, len(market.dates), np.zeros(0, np.int64), trading_of(**asked))


def capacity_of(study: Study):
    days = study.signal_days(study.trading)
    weights = study.weights(study.trading, days)
    return capacity_curve(study, days, weights, study.frictions(study.trading, days), threads=1)


def test_a_capital_that_is_too_small_for_one_share():
    study = study_of(random_market(1), whole_shares=True, capital=10)
    days = study.signal_days(study.trading)
    weights = study.weights(study.trading, days)
    book = make_book(study.window, study.trade(study.trading, days, weights))
    why = why_nothing_traded(study, weights)
    assert book.trades.is_empty()
    assert absent(performance(book.bars, why), *RATIOS) == {
        "a capital of 10 is too small for one share of any symbol, so nothing was traded"
    }


def test_signals_that_never_differ():
    study = study_of(random_market(1))
    same = np.zeros((3, len(study.market.symbols)))
    assert "no signal chose" in why_nothing_traded(study, same)


def test_capacity_below_the_capital():
    market = random_market(1, 400, 8, volume=2_000)
    # Signals that know the next bars, so that there is something to lose.
    ahead = np.nan_to_num(np.roll(market.close, -4, axis=0) / market.close - 1)
    study = Study(
        market, ahead, 60, 395, np.zeros(0, np.int64), trading_of(quantile=0.25, capital=1e9)
    )
    found = capacity_of(study)
    assert found["capacity"] < 1e9
    assert found["sharpe_net"][0] > found["sharpe_net"][4]
    assert found["participation"][0] < found["participation"][-1]
    said = warnings_of(study.trading, found, ruined=False)
    assert "above the idea's capacity" in said[0]
    assert "leave out what its own trades move" in said[0]


def test_a_book_that_earns_nothing_has_no_capacity():
    study = study_of(random_market(2, 300), commission_bps=300)
    found = capacity_of(study)
    assert found["capacity"] is None
    assert "earns nothing after costs" in found["capacity_reason"]


def test_without_volume_there_is_no_capacity():
    with pytest.raises(Absent, match="no volume"):
        capacity_of(study_of(random_market(1, volume=np.nan)))


def test_series_that_are_too_short_say_so():
    short = bars_of([0.01] * 30)
    with pytest.raises(Absent, match="a window has 126 bars, and there are 30"):
        rolling_sharpe(short)
    with pytest.raises(Absent, match="a year has 252 bars, and there are 30"):
        year_from_each_start(short)
    with pytest.raises(Absent, match="momentum needs a year"):
        factor_exposure(random_market(1), 61, np.zeros(59))


def run(make_context, days: int, symbols: int, **backtest):
    rng = np.random.default_rng(4)
    dates = [dt.date(2021, 1, 1) + dt.timedelta(days=day) for day in range(days)]
    close = 50 * np.exp(np.cumsum(rng.normal(0, 0.02, (days, symbols)), axis=0))
    market = pl.DataFrame(
        {
            "symbol": np.repeat([f"S{place}" for place in range(symbols)], days),
            "date": dates * symbols,
            "open": close.T.ravel(),
            "high": close.T.ravel(),
            "low": close.T.ravel(),
            "close": close.T.ravel(),
            "volume": 1e6,
        }
    )
    predictions = market.select("symbol", "date", prediction=pl.col("close")).with_columns(
        fold=pl.lit(0, pl.Int32), label=pl.lit(0.0)
    )
    context = make_context(market, predictions)
    params = STEP.params.model_validate(
        {
            "backtest": {"strategy": "long_short", "quantile": 0.3, **backtest},
            "target": {"kind": "forward_return", "horizon": 5},
        }
    )
    return context, STEP.run(params, context)


@pytest.mark.parametrize(
    ("days", "symbols", "backtest"),
    [
        (3, 2, {}),
        (30, 1, {}),
        (60, 4, {"whole_shares": True, "capital": 20}),
        (60, 4, {"calendar": "month", "rebalance": 1, "overlap": 3}),
        (60, 4, {"participation": 0.01, "impact": 1, "capital": 1e12}),
    ],
)
def test_the_step_leaves_valid_json_and_a_reason_for_all_that_is_absent(
    make_context, days, symbols, backtest
):
    context, outcome = run(make_context, days, symbols, **backtest)
    said = json.loads((context.output / "analytics.json").read_text("utf-8"))
    assert {name for name, part in said.items() if part is None} == set(said["reasons"])
    reasons = outcome.summary["reasons"]
    numbers = {name: value for name, value in outcome.summary.items() if name != "capacity"}
    assert {name for name, value in numbers.items() if value is None} == set(reasons)
    for name in ("trades.parquet", "positions.parquet", "equity.parquet", "metrics.json"):
        assert (context.output / name).exists()


def test_neutral_sectors_need_sectors(make_context):
    with pytest.raises(StepError) as error:
        run(make_context, 60, 4, neutral=["sector"])
    assert error.value.code == "backtest.no_sectors"

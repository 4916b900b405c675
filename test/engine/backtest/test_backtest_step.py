"""The backtest step, from artifacts to artifact."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import polars as pl
import pytest

from breadthflow_engine.backtest.performance import performance
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.backtest import STEP

DAYS = [dt.date(2021, 1, 1) + dt.timedelta(days=day) for day in range(60)]
SYMBOLS = [f"S{place:02d}" for place in range(10)]


@pytest.fixture
def market() -> pl.DataFrame:
    rng = np.random.default_rng(4)
    close = 50 * np.exp(np.cumsum(rng.normal(0, 0.02, (len(DAYS), len(SYMBOLS))), axis=0))
    return pl.DataFrame(
        {
            "symbol": np.repeat(SYMBOLS, len(DAYS)),
            "date": DAYS * len(SYMBOLS),
            "open": (close * np.exp(rng.normal(0, 0.005, close.shape))).T.ravel(),
            "close": close.T.ravel(),
        }
    ).with_columns(high=pl.max_horizontal("open", "close"), low=pl.min_horizontal("open", "close"))


@pytest.fixture
def predictions(market: pl.DataFrame) -> pl.DataFrame:
    ahead = (pl.col("close").shift(-5).over("symbol") / pl.col("close")).log()
    return market.select(
        "symbol", "date", fold=pl.lit(0, pl.Int32), label=ahead, prediction=ahead
    ).filter(pl.col("date") >= DAYS[20], pl.col("label").is_not_null())


def params(**backtest):
    return STEP.params.model_validate(
        {
            "backtest": {"strategy": "long_short", "quantile": 0.2, **backtest},
            "target": {"kind": "forward_return", "horizon": 5},
        }
    )


def test_it_leaves_equity_trades_and_metrics(make_context, market, predictions):
    context = make_context(market, predictions)
    outcome = STEP.run(params(), context)
    equity = pl.read_parquet(context.output / "equity.parquet")
    trades = pl.read_parquet(context.output / "trades.parquet")
    metrics = json.loads((context.output / "metrics.json").read_text())
    curve = json.loads((context.output / "equity.json").read_text())
    assert outcome.kind == "backtest"
    assert curve == pytest.approx(equity["equity"].to_list(), abs=1e-6)
    assert outcome.rows == equity.height
    assert equity["date"][0] == DAYS[20]
    assert equity["date"][-1] <= DAYS[-1]
    assert outcome.summary["sharpe_net"] > 5, "signals that know the next week must earn it"
    assert outcome.summary["sharpe_net"] < outcome.summary["sharpe_gross"]
    assert set(trades["side"]) == {"buy", "sell"}
    assert metrics["rebalances"] == 7
    assert metrics["trades"] == trades.height
    assert outcome.summary["benchmark"]["exposure"] == pytest.approx(1, abs=0.1)
    assert context.progress[-1] == 1


def test_late_predictions_earn_nothing_of_the_past(make_context, market, predictions):
    """The same foresight, moved so that it knows only what has happened by the fill."""
    late = predictions.with_columns(pl.col("prediction").shift(6).over("symbol")).drop_nulls()
    outcome = STEP.run(params(), make_context(market, late))
    assert abs(outcome.summary["sharpe_gross"]) < 3


def test_a_symbol_without_a_bar_is_left_out(make_context, market, predictions):
    gone = market.filter(~((pl.col("symbol") == "S03") & (pl.col("date") > DAYS[20])))
    context = make_context(gone, predictions)
    STEP.run(params(), context)
    trades = pl.read_parquet(context.output / "trades.parquet")
    assert "S03" not in trades["symbol"].to_list()


def test_the_same_inputs_leave_the_same_bytes(make_context, market, predictions):
    first, second = (make_context(market, predictions) for _ in range(2))
    STEP.run(params(), first)
    STEP.run(params(), second)
    for name in ("equity.parquet", "trades.parquet", "metrics.json"):
        assert (first.output / name).read_bytes() == (second.output / name).read_bytes()


def test_inverse_volatility_needs_predicted_volatility(make_context, market, predictions):
    with pytest.raises(StepError, match="forward_return") as error:
        STEP.run(params(strategy="inverse_volatility"), make_context(market, predictions))
    assert error.value.code == "backtest.strategy_needs_volatility"


def test_predictions_of_nothing_are_an_error(make_context, market, predictions):
    nothing = predictions.with_columns(prediction=pl.lit(None, pl.Float64))
    with pytest.raises(StepError) as error:
        STEP.run(params(), make_context(market, nothing))
    assert error.value.code == "backtest.no_predictions"


def test_bars_of_other_symbols_are_an_error(make_context, market, predictions):
    with pytest.raises(StepError) as error:
        STEP.run(params(), make_context(market, predictions.with_columns(symbol=pl.lit("X"))))
    assert error.value.code == "backtest.no_bars"


def test_one_day_of_signals_without_a_next_bar_leaves_absent_numbers(
    make_context, market, predictions
):
    last = predictions.filter(pl.col("date") == DAYS[50])
    outcome = STEP.run(params(), make_context(market.filter(pl.col("date") <= DAYS[50]), last))
    for name in ("sharpe_net", "annual_return", "calmar", "hit_rate", "turnover"):
        assert outcome.summary[name] is None
        assert outcome.summary["reasons"][name] == "no bar follows the first signal"
    assert outcome.summary["trades"] == 0


def test_performance_of_a_series_worked_out_by_hand():
    times = 6
    net = [0.0, *[0.1, -0.05, 0.0, 0.02] * times]
    equity = np.cumprod(1 + np.array(net))
    bars = pl.DataFrame(
        {
            "net_return": net,
            "gross_return": [0.0, *[0.11, -0.04, 0.0, 0.02] * times],
            "equity": equity,
            "drawdown": equity / np.maximum.accumulate(equity) - 1,
            "turnover": [0.0, *[1.0, 1.0, 0.0, 0.0] * times],
            "long_exposure": [0.0, *[0.5, 0.5, 0.0, 0.5] * times],
            "short_exposure": [0.0, *[0.5, 0.3, 0.0, 0.5] * times],
            "cost": [0.0, *[0.01, 0.01, 0.0, 0.0] * times],
        }
    )
    found = performance(bars)
    mean, deviation = np.mean(net[1:]), np.std(net[1:], ddof=1)
    assert found["days"] == 24
    assert found["reasons"] == {}
    assert found["sharpe_net"] == pytest.approx(mean / deviation * 252**0.5)
    assert found["annual_volatility"] == pytest.approx(deviation * 252**0.5)
    assert found["max_drawdown"] == pytest.approx(-0.05)
    assert found["annual_return"] == pytest.approx((1.1 * 0.95 * 1.02) ** 63 - 1)
    assert found["calmar"] == pytest.approx(found["annual_return"] / 0.05)
    assert found["hit_rate"] == pytest.approx(2 / 3), "the day without a position does not count"
    assert found["turnover"] == pytest.approx(126)
    assert found["exposure"] == pytest.approx((1 + 0.8 + 0 + 1) / 4)
    assert found["annual_cost"] == pytest.approx(0.005 * 252)

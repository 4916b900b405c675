"""Runs the backtest step."""

from __future__ import annotations

import json

import polars as pl

from breadthflow_engine.backtest.book import Book, make_book, positions
from breadthflow_engine.backtest.performance import performance
from breadthflow_engine.backtest.settings import Trading
from breadthflow_engine.backtest.study import Study
from breadthflow_engine.backtest.targets import equal_weights
from breadthflow_engine.bars import load_attributes, load_bars
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Outcome, Step, StepContext
from breadthflow_engine.steps.backtest.conventions import conventions
from breadthflow_engine.steps.backtest.panel import Panel, make_panel
from breadthflow_engine.steps.backtest.settings import BacktestParams


def run(params: BacktestParams, context: StepContext) -> Outcome:
    """Trade the out-of-fold predictions, and the equal-weight benchmark beside them."""
    trading = params.backtest
    _refuse_unfit(params)
    context.emit.progress(0.05, "Laying out predictions and prices")
    predictions = pl.read_parquet(
        context.inputs["train"].file("predictions.parquet"),
        columns=["symbol", "date", "prediction"],
    )
    panel = make_panel(
        load_bars(context.inputs["bars"], context.inputs.get("check")),
        predictions,
        load_attributes(context.inputs["bars"]),
    )
    study = make_study(panel, trading)
    days = study.signal_days(trading)
    context.emit.progress(0.3, f"Trading {len(days)} signals over {len(study.window.dates)} days")
    accounts = study.trade(trading, days, study.weights(trading, days), in_detail=True)
    book = make_book(study.window, accounts)
    context.emit.progress(0.5, "Trading the equal-weight benchmark")
    equal = study.trade(trading, days, equal_weights(study.prediction[days]))
    benchmark = make_book(study.window, equal)
    positions(study.window, accounts).write_parquet(
        context.output / "positions.parquet", compression="zstd", compression_level=1
    )
    return _leave(context, trading, book, benchmark, len(days))


def make_study(panel: Panel, trading: Trading) -> Study:
    """Leave out the bars after the last signal's holding period: the idea says nothing of them."""
    study = Study(
        market=panel.market,
        prediction=panel.prediction,
        first=panel.first,
        stop=len(panel.market.dates),
        sector=panel.sector,
        trading=trading,
    )
    days = study.signal_days(trading)
    period = trading.rebalance
    if trading.calendar != "bar":
        period = int((days[1:] - days[:-1]).max(initial=trading.rebalance))
    stop = min(study.stop, int(days[-1]) + period * trading.overlap + 2)
    return Study(
        market=panel.market.until(stop),
        prediction=panel.prediction[:stop],
        first=panel.first,
        stop=stop,
        sector=panel.sector,
        trading=trading,
    )


def _refuse_unfit(params: BacktestParams) -> None:
    trading = params.backtest
    if trading.strategy == "inverse_volatility" and params.target.kind != (
        "log_realised_volatility"
    ):
        raise StepError(
            "backtest.strategy_needs_volatility",
            f"Strategy inverse_volatility sizes by predicted volatility, but the target is "
            f"{params.target.kind}.",
            "Set target.kind to log_realised_volatility, or backtest.strategy to long_short or "
            "long_only.",
            field="backtest.strategy",
        )


def _leave(
    context: StepContext, trading: Trading, book: Book, benchmark: Book, rebalances: int
) -> Outcome:
    equity = book.bars.with_columns(
        benchmark.bars["net_return"].alias("benchmark_return"),
        benchmark.bars["equity"].alias("benchmark_equity"),
        benchmark.bars["drawdown"].alias("benchmark_drawdown"),
    )
    equity.write_parquet(context.output / "equity.parquet", compression="zstd")
    book.trades.write_parquet(context.output / "trades.parquet", compression="zstd")
    curve = [round(value, 6) for value in equity["equity"]]
    (context.output / "equity.json").write_text(json.dumps(curve), encoding="utf-8")
    summary = {
        **performance(book.bars),
        "rebalances": rebalances,
        "trades": book.trades.height,
        "first": str(equity["date"][0]),
        "last": str(equity["date"][-1]),
        "benchmark": {"name": "equal_weight", **performance(benchmark.bars)},
    }
    metrics = {**summary, "conventions": conventions(trading)}
    (context.output / "metrics.json").write_text(
        json.dumps(metrics, indent=2, allow_nan=False), encoding="utf-8"
    )
    for name in ("sharpe_net", "annual_return", "max_drawdown"):
        if summary[name] is not None:
            context.emit.metric(name, summary[name])
    context.emit.progress(1.0, "Backtest done")
    return Outcome(
        kind="backtest",
        summary=summary,
        rows=equity.height,
        columns={name: str(dtype) for name, dtype in equity.schema.items()},
    )


STEP = Step(
    name="backtest",
    version="2",
    params=BacktestParams,
    run=run,
    inputs=("bars", "check", "train"),
    code=(
        "breadthflow_engine.backtest",
        "breadthflow_engine.statistics",
        "breadthflow_engine.bars",
        "breadthflow_engine.validation.settings",
    ),
)

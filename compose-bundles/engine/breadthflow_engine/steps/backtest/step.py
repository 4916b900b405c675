"""Runs the backtest step."""

from __future__ import annotations

import json

import polars as pl

from breadthflow_engine.bars import load_bars
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Outcome, Step, StepContext
from breadthflow_engine.steps.backtest.book import BARS_PER_YEAR, Book, run_book, trim
from breadthflow_engine.steps.backtest.panel import make_panel
from breadthflow_engine.steps.backtest.performance import performance
from breadthflow_engine.steps.backtest.settings import BacktestParams, Trading
from breadthflow_engine.steps.backtest.weights import (
    equal_weights,
    rebalance_days,
    target_weights,
)


def run(params: BacktestParams, context: StepContext) -> Outcome:
    """Trade the out-of-fold predictions, and the equal-weight benchmark beside them."""
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
    context.emit.progress(0.05, "Laying out predictions and prices")
    predictions = pl.read_parquet(
        context.inputs["train"].file("predictions.parquet"),
        columns=["symbol", "date", "prediction"],
    )
    panel = make_panel(load_bars(context.inputs["bars"], context.inputs.get("check")), predictions)
    signals = rebalance_days(panel.prediction, trading.rebalance)
    panel = trim(panel, signals, trading.rebalance)
    asked = panel.prediction[signals]
    context.emit.progress(0.5, f"Trading {len(signals)} signals over {len(panel.dates)} days")
    book = run_book(
        panel, signals, target_weights(asked, trading.strategy, trading.quantile), trading
    )
    context.emit.progress(0.8, "Trading the equal-weight benchmark")
    benchmark = run_book(panel, signals, equal_weights(asked), trading)
    return _leave(context, trading, book, benchmark, len(signals))


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


def conventions(trading: Trading) -> list[str]:
    """What the numbers rest on, in words that a report can print."""
    at = "open" if trading.execution == "next_open" else "close"
    said = [
        f"A signal of day t is known at its close and traded at the next bar's {at}; positions "
        f"then drift until the next rebalance, {trading.rebalance} bars later.",
        f"Each trade costs {trading.commission_bps:g} + {trading.slippage_bps:g} bps of its "
        f"notional; shorts pay {trading.borrow_bps_per_year:g} bps a year, per bar.",
        "A symbol without a bar that day is not traded and its order lapses; what is held keeps "
        "its last price.",
        "Cash earns nothing; dividends are not included; nothing is sold at the end.",
        "The benchmark holds the same symbols with equal weights, with the same days, execution "
        "and costs.",
        f"Yearly numbers count {BARS_PER_YEAR} bars a year.",
    ]
    if at == "open":
        said.insert(1, "Where a bar has no open, the order is filled at that bar's close.")
    return said


STEP = Step(
    name="backtest",
    version="1",
    params=BacktestParams,
    run=run,
    inputs=("bars", "check", "train"),
    code=(
        "breadthflow_engine.statistics",
        "breadthflow_engine.bars",
        "breadthflow_engine.validation.settings",
    ),
)

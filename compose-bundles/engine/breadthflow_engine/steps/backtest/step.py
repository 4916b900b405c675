"""Runs the backtest step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from breadthflow_engine.backtest.analytics.document import analytics
from breadthflow_engine.backtest.book import Book, make_book, positions
from breadthflow_engine.backtest.performance import performance
from breadthflow_engine.backtest.portfolio import Accounts
from breadthflow_engine.backtest.settings import Trading
from breadthflow_engine.backtest.study import Study
from breadthflow_engine.backtest.targets import equal_weights
from breadthflow_engine.bars import load_attributes, load_bars
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Outcome, Step, StepContext
from breadthflow_engine.steps.backtest.conventions import conventions
from breadthflow_engine.steps.backtest.panel import Panel, make_panel
from breadthflow_engine.steps.backtest.settings import BacktestParams
from breadthflow_engine.steps.backtest.warnings import warnings_of, why_nothing_traded


def run(params: BacktestParams, context: StepContext) -> Outcome:
    """Trade the out-of-fold predictions, and the equal-weight benchmark beside them.

    Leaves:
        equity.parquet: `Book.bars` and the benchmark's return, equity and drawdown.
        trades.parquet: `Book.trades`; each has the date and kind of the price that it was filled
            at, and its costs by kind.
        positions.parquet: what was held at each close, and the bar that its price is from.
        metrics.json: the summary and `conventions`. A number that is null has its reason under
            `reasons`; `warnings` say what the headline figures leave out.
        equity.json: net equity at every close, a list.
        analytics.json: `backtest.analytics.document`, the series that screens and reports draw;
            `contract/backtest-analytics.ts` names its fields.
    """
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
    _refuse_missing_sectors(trading, panel)
    study = make_study(panel, trading)
    days = study.signal_days(trading)
    context.emit.progress(0.3, f"Trading {len(days)} signals over {len(study.window.dates)} days")
    weights = study.weights(trading, days)
    accounts = study.trade(trading, days, weights, in_detail=True)
    book = make_book(study.window, accounts)
    context.emit.progress(0.4, "Trading the equal-weight benchmark")
    # The same costs and limits, but none of the idea's sizes.
    equal = make_book(
        study.window, study.trade(trading, days, equal_weights(study.prediction[days]))
    )
    bars = book.bars.with_columns(
        equal.bars["net_return"].alias("benchmark_return"),
        equal.bars["equity"].alias("benchmark_equity"),
        equal.bars["drawdown"].alias("benchmark_drawdown"),
    )
    context.emit.progress(0.5, "Asking what the result hangs on")
    threads = context.resources.threads
    said = analytics(study, panel.sectors, days, weights, accounts, bars, threads)
    figures = performance(book.bars, why_nothing_traded(study, weights))
    summary = {
        **figures,
        "rebalances": len(days),
        "trades": book.trades.height,
        "first": str(bars["date"][0]),
        "last": str(bars["date"][-1]),
        "capacity": (said["capacity"] or {}).get("capacity"),
        "warnings": warnings_of(trading, said["capacity"], figures["ruined"]),
        "benchmark": {"name": "equal_weight", **performance(equal.bars)},
    }
    context.emit.progress(0.9, "Writing trades and positions")
    _leave(context, study, book, bars, accounts)
    write_json(context.output / "analytics.json", said)
    metrics = {**summary, "conventions": conventions(trading, len(panel.market.dividend) > 0)}
    write_json(context.output / "metrics.json", metrics, indent=2)
    for name in ("sharpe_net", "annual_return", "max_drawdown"):
        if summary[name] is not None:
            context.emit.metric(name, summary[name])
    context.emit.progress(1.0, "Backtest done")
    return Outcome(
        kind="backtest",
        summary=summary,
        rows=bars.height,
        columns={name: str(dtype) for name, dtype in bars.schema.items()},
    )


def _refuse_missing_sectors(trading: Trading, panel: Panel) -> None:
    if "sector" in trading.neutral and not panel.sectors:
        raise StepError(
            "backtest.no_sectors",
            "The book is to be neutral in each sector, but the data set does not say which sector "
            "a symbol is in.",
            "Import a table of symbols and sectors with the bars, or leave sector out of "
            "backtest.neutral.",
            field="backtest.neutral",
        )


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
    context: StepContext, study: Study, book: Book, bars: pl.DataFrame, accounts: Accounts
) -> None:
    """Write the tables, and the equity curve by itself for the run's own result."""
    bars.write_parquet(context.output / "equity.parquet", compression="zstd")
    book.trades.write_parquet(context.output / "trades.parquet", compression="zstd")
    positions(study.window, accounts).write_parquet(
        context.output / "positions.parquet", compression="zstd", compression_level=1
    )
    write_json(context.output / "equity.json", [round(value, 6) for value in bars["equity"]])


def write_json(path: Path, value: Any, indent: int | None = None) -> None:
    path.write_text(json.dumps(value, indent=indent, allow_nan=False), encoding="utf-8")


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

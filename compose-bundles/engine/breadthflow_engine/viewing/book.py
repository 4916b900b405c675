"""What a backtest traded and what it held, in pages; each line names the bar of its price."""

from __future__ import annotations

import polars as pl

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.uris import to_path
from breadthflow_engine.viewing.messages import (
    LinesRequest,
    Position,
    Positions,
    PositionsRequest,
    Trade,
    Trades,
    TradesRequest,
)

_TRADE = list(Trade.model_fields)
_POSITION = list(Position.model_fields)


def trades(request: TradesRequest) -> Trades:
    """The fills of a book.

    Raises:
        StepError: `artifact.file_missing`.
    """
    found = _asked(request, "trades.parquet")
    by = {"largest": pl.col("notional").abs(), "dearest": pl.col("cost")}.get(request.order)
    lines, told = _page(request, found.select(*_TRADE), by, pl.col("cost").sum())
    return Trades(
        lines=[Trade(**row) for row in lines.iter_rows(named=True)],
        in_all=told["in_all"],
        symbols=told["symbols"],
        cost=told["cost"],
    )


def positions(request: PositionsRequest) -> Positions:
    """What was held at each close.

    Raises:
        StepError: `artifact.file_missing`.
    """
    found = _asked(request, "positions.parquet")
    by = pl.col("weight").abs() if request.order == "largest" else None
    lines, told = _page(request, found.select(*_POSITION), by)
    return Positions(
        lines=[Position(**row) for row in lines.iter_rows(named=True)],
        in_all=told["in_all"],
        symbols=told["symbols"],
    )


def _asked(request: LinesRequest, name: str) -> pl.LazyFrame:
    file = to_path(request.backtest) / name
    if not file.exists():
        raise StepError(
            "artifact.file_missing",
            f"The backtest at {file.parent} left no {name}.",
            "An earlier version made it, or it was removed: test the idea again.",
            artifact=str(file.parent),
        )
    found = pl.scan_parquet(file)
    if request.symbol is not None:
        found = found.filter(pl.col("symbol") == request.symbol)
    if request.date is not None:
        found = found.filter(pl.col("date").cast(pl.Date) == pl.lit(request.date).str.to_date())
    return found


def _page(
    request: LinesRequest, found: pl.LazyFrame, by: pl.Expr | None, *sums: pl.Expr
) -> tuple[pl.DataFrame, dict]:
    """The lines that were asked for, and what is told of all of them."""
    told = found.select(
        pl.len().alias("in_all"), pl.col("symbol").n_unique().alias("symbols"), *sums
    )
    newest = [pl.col("date"), pl.col("symbol")]
    order, falling = (
        ([by, *newest], [True, True, False])
        if by is not None
        else (
            newest,
            [True, False],
        )
    )
    lines = found.sort(order, descending=falling).slice(request.offset, request.limit)
    days = pl.selectors.temporal()
    page, counted = pl.collect_all([lines.with_columns(days.cast(pl.Date).dt.to_string()), told])
    return page, counted.row(0, named=True)

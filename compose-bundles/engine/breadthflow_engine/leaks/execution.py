"""Orders that were filled at a price that was known when they were decided."""

from __future__ import annotations

import polars as pl

from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import Subject
from breadthflow_engine.written import counted

SAME = 1e-9


def execution(subject: Subject) -> LeakTest | None:
    """A fill leaks if its bar is not after the signal's, or if its price is not that of the bar
    that it names but that of the signal's own. Prices of a whole bar (VWAP) are checked by their
    day alone."""
    fills = subject.fills
    if fills is None or fills.is_empty():
        return None
    prices = subject.bars.select("symbol", "date", "open", "close")
    at = fills.join(prices, on=["symbol", "date"], how="left").join(
        prices,
        left_on=["symbol", "signal_date"],
        right_on=["symbol", "date"],
        how="left",
        suffix="_signal",
    )

    def is_price(suffix: str) -> pl.Expr:
        quoted = (
            pl.when(pl.col("price_of") == "open")
            .then(pl.col(f"open{suffix}"))
            .when(pl.col("price_of") == "close")
            .then(pl.col(f"close{suffix}"))
        )
        return ((pl.col("price") / quoted - 1).abs() < SAME).fill_null(False)

    known = ((pl.col("price") / pl.col("close_signal") - 1).abs() < SAME).fill_null(False)
    stale = (is_price("_signal") | known) & ~is_price("")
    late = at.filter((pl.col("date") <= pl.col("signal_date")) | stale)
    return LeakTest(
        detector="execution",
        label="No fill at a price already known",
        tested=(
            f"{counted(fills.height, 'fill')}, each traced to its bar: how many are at or before "
            "the bar of their signal, or have its price."
        ),
        evidence=float(late.height),
        limit=0.0,
        where=first_of(
            f"{symbol} on {day}" for symbol, day in late.select("symbol", "date").iter_rows()
        ),
    )

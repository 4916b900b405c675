"""Whether there is anything to compare: ideas are judged by how they order the symbols of a day."""

from __future__ import annotations

import polars as pl

from breadthflow_engine.metrics import MIN_SYMBOLS
from breadthflow_engine.protocol.errors import StepError


def require_cross_section(rows: pl.DataFrame) -> None:
    """Refuse rows that no day has enough symbols of.

    Args:
        rows: one row per symbol and date, with `symbol` and `date`; at least one.

    Raises:
        StepError: `universe.one_symbol` or `universe.too_few_symbols`.
    """
    symbols = rows["symbol"].n_unique()
    widest = rows.group_by("date").len()["len"].max()
    if isinstance(widest, int) and widest >= MIN_SYMBOLS:
        return
    counted = "one symbol" if symbols == 1 else f"{symbols} symbols, at most {widest} on one day"
    raise StepError(
        "universe.one_symbol" if symbols == 1 else "universe.too_few_symbols",
        f"The data has {counted}; an idea is judged by how it orders the symbols of a day, which "
        f"takes {MIN_SYMBOLS}.",
        f"Import bars of at least {MIN_SYMBOLS} symbols, or name more in universe.symbols.",
        field="universe.symbols",
        symbols=symbols,
    )

"""The check's actions, laid over bars as they are read; a table of bars is never changed.

- `quarantine`: the row at (symbol, date) is left out.
- `set`: column `field` of the row at (symbol, date) becomes `value`.
- `scale_before`: the prices of the symbol's rows before `date` are multiplied by `value` and their
  volumes divided by it, so that the money that changed hands stays as it was.

Each of them depends on the row itself and on the actions alone, so a filter on symbols or dates
may be applied before or after with the same result.
"""

from __future__ import annotations

import polars as pl

from breadthflow_engine.bars.table import KEY

PRICES = ("open", "high", "low", "close")

ACTIONS_SCHEMA = pl.Schema(
    {
        "symbol": pl.String(),
        "date": pl.Date(),
        "action": pl.String(),
        "field": pl.String(),
        "value": pl.Float64(),
    }
)


def lay_over(bars: pl.LazyFrame, actions: pl.DataFrame) -> pl.LazyFrame:
    """Apply an overlay to bars; the order of rows is kept.

    Args:
        bars: symbol, date, open, high, low, close, volume (and more, left as they are), sorted by
            (symbol, date).
        actions: columns as `ACTIONS_SCHEMA`, `date` of the same type as the bars'.
    """
    by_action = {name: part for (name,), part in actions.group_by("action")}
    if "quarantine" in by_action:
        bars = bars.filter(~_ROW.is_in(_keys(by_action["quarantine"]).implode()))
    if "set" in by_action:
        bars = _set(bars, by_action["set"])
    if "scale_before" in by_action:
        bars = _scale_before(bars, by_action["scale_before"])
    return bars


# Looking a row up by a struct of its key is several times faster than an ordered join on it.
_ROW = pl.struct(KEY)


def _keys(actions: pl.DataFrame) -> pl.Series:
    return actions.select(_ROW.alias("row"))["row"]


def _set(bars: pl.LazyFrame, actions: pl.DataFrame) -> pl.LazyFrame:
    columns = bars.collect_schema()
    values: list[pl.Expr] = []
    for (field,), part in actions.group_by("field", maintain_order=True):
        # The last one wins where two rules set the same value.
        part = part.unique(KEY, keep="last", maintain_order=True)
        new = _ROW.replace_strict(
            _keys(part), part["value"], default=None, return_dtype=pl.Float64
        ).cast(columns[str(field)])
        values.append(pl.coalesce(new, pl.col(str(field))).alias(str(field)))
    return bars.with_columns(values)


def _scale_before(bars: pl.LazyFrame, actions: pl.DataFrame) -> pl.LazyFrame:
    # A row before several such dates is scaled by all of them: the product from the latest back.
    factors = (
        actions.sort(KEY)
        .select(
            "symbol",
            pl.col("date").alias("_until"),
            pl.col("value").cum_prod(reverse=True).over("symbol").alias("_factor"),
        )
        .lazy()
    )
    columns = bars.collect_schema()
    factor = pl.col("_factor").fill_null(1.0)
    return (
        bars.join_asof(
            factors,
            left_on="date",
            right_on="_until",
            by="symbol",
            strategy="forward",
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .with_columns(
            *((pl.col(price) * factor).alias(price) for price in PRICES),
            (pl.col("volume") / factor).cast(columns["volume"]).alias("volume"),
        )
        .select(columns.names())
    )

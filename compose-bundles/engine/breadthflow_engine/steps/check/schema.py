"""What a bar must be, stated once, as Pandera schemas.

`TABLE` is about columns and types and costs nothing, since it never looks at a row. `BAR` is about
values. Running it over ten million rows takes seconds and gigabytes, so it is given only the rows
that `suspicious` picks in the panel's one pass: it holds for all others.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaError, SchemaErrors

from breadthflow_engine.protocol.errors import StepError

PRICES = ("open", "high", "low", "close")

TABLE = pa.DataFrameSchema(
    {
        "symbol": pa.Column(pl.String),
        "date": pa.Column(pl.Date),
        **{name: pa.Column(pl.Float64, nullable=True) for name in (*PRICES, "volume")},
        "adj_close": pa.Column(pl.Float64, nullable=True, required=False),
    },
    strict=False,
)


def _finite(data: pa.PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select(pl.col(data.key or "*").is_finite())


_FINITE = pa.Check(_finite, name="infinite_value")
BAR = pa.DataFrameSchema(
    {
        **{
            name: pa.Column(pl.Float64, [pa.Check.gt(0), _FINITE], nullable=False)
            for name in PRICES
        },
        "volume": pa.Column(pl.Float64, [pa.Check.ge(0), _FINITE], nullable=False),
    },
    strict=False,
)
# What Pandera calls a check that failed -> our rule.
_RULES = {
    "not_nullable": "missing_value",
    "greater_than(0)": "non_positive_price",
    "greater_than_or_equal_to(0)": "negative_volume",
}


def suspicious() -> pl.Expr:
    """Rows that `BAR` refuses."""
    values = pl.col(*PRICES, "volume")
    return pl.any_horizontal(
        values.is_null(), values.is_infinite(), pl.col(*PRICES) <= 0, pl.col("volume") < 0
    )


def refuse_wrong_table(bars: pl.LazyFrame, name: str) -> None:
    """Raises: StepError `check.wrong_table` when columns or types are not those of bars."""
    try:
        TABLE.validate(bars, lazy=True)
    except (SchemaError, SchemaErrors) as error:
        raise StepError(
            "check.wrong_table",
            f"The table of data set {name} is not one of bars: {str(error)[:300]}",
            "Import the bars again into a new data set.",
            data=name,
        ) from error


def failures(rows: pl.DataFrame) -> pl.DataFrame:
    """Which values of these rows `BAR` refuses: columns index, column, rule."""
    empty = pl.DataFrame(schema={"index": pl.Int32(), "column": pl.String(), "rule": pl.String()})
    if rows.is_empty():
        return empty
    try:
        BAR.validate(rows, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        return cases.select(
            "index",
            "column",
            pl.col("check").replace(_RULES).alias("rule"),
        )
    return empty

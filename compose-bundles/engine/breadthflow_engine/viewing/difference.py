"""What one version of a table of bars has that another has not.

Versions share the files that no import touched. Only rows of the others can differ, and only those
are read, so that a small update of a large table is quick to show.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from deltalake import DeltaTable

from breadthflow_engine.bars.table import KEY, open_table
from breadthflow_engine.protocol.uris import to_path
from breadthflow_engine.viewing.messages import (
    BarChange,
    Difference,
    DifferenceRequest,
    SymbolDifference,
)

# As many single changes as a screen can list; the counts are of all.
LISTED = 500
_COUNTS = ("added", "changed", "removed")


def difference(request: DifferenceRequest) -> Difference:
    """Rows added, changed and removed from `before` to `after`.

    Raises:
        StepError: `bars.table_missing` or `bars.version_missing`.
    """
    before = open_table(request.table, request.before)
    after = open_table(request.table, request.after)
    olds, news = set(before.file_uris()), set(after.file_uris())
    columns = pl.Schema(after.schema().to_arrow()) | pl.Schema(before.schema().to_arrow())
    values = [name for name in columns if name not in KEY]
    both = _joined(
        _scan(before, olds - news, columns, request.table),
        _scan(after, news - olds, columns, request.table),
        values,
    )
    by_symbol = (
        both.group_by("symbol")
        .agg(
            *((pl.col("_kind") == kind).sum().alias(kind) for kind in _COUNTS),
            pl.col("date").min().dt.to_string().alias("first"),
            pl.col("date").max().dt.to_string().alias("last"),
        )
        .sort("symbol")
        .collect(engine="streaming")
    )
    listed = both.sort(KEY).head(LISTED).collect(engine="streaming")
    return Difference(
        **{kind: int(by_symbol[kind].sum()) for kind in _COUNTS},
        symbols=[SymbolDifference(**row) for row in by_symbol.iter_rows(named=True)],
        changes=[_change(row, values) for row in listed.iter_rows(named=True)],
    )


def _scan(table: DeltaTable, files: set[str], columns: pl.Schema, place: str) -> pl.LazyFrame:
    if not files:
        return pl.LazyFrame(schema=columns)
    root = to_path(place)
    # The log names files relative to the table; their whole addresses differ by system.
    paths = [root / uri.replace("\\", "/").rsplit("/", 1)[-1] for uri in sorted(files)]
    return pl.scan_parquet(paths, schema=columns, missing_columns="insert", glob=False)


def _joined(old: pl.LazyFrame, new: pl.LazyFrame, values: list[str]) -> pl.LazyFrame:
    """Rows that differ, with `_kind`, and each value as it was (`_old`) and is (`_new`)."""
    kind = (
        pl.when(pl.col("_in_old").is_null())
        .then(pl.lit("added"))
        .when(pl.col("_in_new").is_null())
        .then(pl.lit("removed"))
        .when(pl.any_horizontal(pl.col(f"{v}_old").ne_missing(pl.col(f"{v}_new")) for v in values))
        .then(pl.lit("changed"))
    )
    sides = [
        frame.select(
            *KEY, pl.col(values).name.suffix(f"_{side}"), pl.lit(True).alias(f"_in_{side}")
        )
        for side, frame in (("old", old), ("new", new))
    ]
    return (
        sides[0]
        .join(sides[1], on=KEY, how="full", coalesce=True)
        .with_columns(kind.alias("_kind"))
        .filter(pl.col("_kind").is_not_null())
    )


def _change(row: dict[str, Any], values: list[str]) -> BarChange:
    def side(name: str) -> dict[str, float | None] | None:
        if row[f"_in_{name}"] is None:
            return None
        return {value: row[f"{value}_{name}"] for value in values}

    return BarChange(
        symbol=row["symbol"], date=str(row["date"]), before=side("old"), after=side("new")
    )

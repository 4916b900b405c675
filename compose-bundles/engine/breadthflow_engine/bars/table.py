"""Reading one version of a Delta table of bars, in (symbol, date) order, without a needless sort.

Ingest writes files that each hold a range of symbols, so a table that was imported once reads in
order by reading its files in order. The Delta log's statistics say whether that still holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

import polars as pl
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.uris import to_path

KEY = ("symbol", "date")


@dataclass(frozen=True)
class BarsVersion:
    """One version of a table: its rows, lazily, and whether they already come in key order."""

    frame: pl.LazyFrame
    ordered: bool
    schema: pl.Schema

    def in_order(self) -> pl.LazyFrame:
        """The rows by (symbol, date)."""
        return self.frame if self.ordered else self.frame.sort(KEY)


def open_table(place: str, version: int | None = None) -> DeltaTable:
    """Open a table at one version, the newest when `version` is None.

    Raises:
        StepError: `bars.table_missing` or `bars.version_missing`.
    """
    path = to_path(place)
    try:
        return DeltaTable(str(path), version=version)
    except TableNotFoundError as error:
        raise StepError(
            "bars.table_missing",
            f"There is no table of bars at {path}.",
            "Import the data set again; its folder was moved or deleted.",
            table=str(path),
        ) from error
    except DeltaError as error:
        raise StepError(
            "bars.version_missing",
            f"Version {version} of the table at {path} cannot be read: {error}",
            "Import the data set again, or run the idea on a version that still exists.",
            table=str(path),
            version=version,
        ) from error


def scan_version(place: str, version: int | None = None) -> BarsVersion:
    """Scan one version of a table lazily; only the columns that a plan asks for are read."""
    table = open_table(place, version)
    schema = pl.Schema(table.schema().to_arrow())
    actions = pl.DataFrame(table.get_add_actions(flatten=True))
    if actions.is_empty():
        return BarsVersion(pl.LazyFrame(schema=schema), ordered=True, schema=schema)
    root = to_path(place)
    first, last = "min.symbol", "max.symbol"
    ordered = {first, last} <= set(actions.columns) and actions[first].null_count() == 0
    if ordered:
        actions = actions.sort(first)
        ordered = bool((actions[first].shift(-1) > actions[last]).fill_null(True).all())
    files = [root / unquote(path) for path in actions["path"]]
    # A column that a later import added is absent, and so empty, in the files before it.
    frame = pl.scan_parquet(files, schema=schema, missing_columns="insert", glob=False)
    return BarsVersion(frame, ordered, schema)

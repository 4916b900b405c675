"""The Delta table of a data set: what an import adds or changes becomes one atomic commit.

Files are written and flushed first, then named in the log in one step, so that an import that is
killed leaves the table at the version before; at worst a file that nothing points at stays behind.
New rows are appended in files of their own; a file is written anew only when rows in it changed.
Old files stay, so every version can be read again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError, DeltaError
from deltalake.schema import Field, PrimitiveType, Schema
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions
from pyarrow.parquet import read_metadata

from breadthflow_engine.bars.table import open_table, scan_version
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.ingest.settle import KEY, symbol_ranges, write_part

_DELTA_TYPES = {pl.String(): "string", pl.Date(): "date", pl.Float64(): "double"}


@dataclass(frozen=True)
class Stored:
    """The version that holds the import, and how many of its rows were of which kind."""

    version: int
    appended: int
    replaced: int
    unchanged: int


def store(parts: Sequence[Path], folder: Path, staging: Path, name: str) -> Stored:
    """Bring sorted, unique parts into the table at `folder`, made when it is not there.

    A value that the import leaves empty replaces one that the table has: a source is believed
    as a whole row. A column that the import lacks is left as it was.

    Raises:
        StepError: `ingest.table_busy` when another import committed meanwhile.
    """
    try:
        if not DeltaTable.is_deltatable(str(folder)):
            return _create(parts, folder, name)
        return _merge(parts, folder, staging)
    except (CommitFailedError, FileExistsError) as error:
        raise StepError(
            "ingest.table_busy",
            f"Another import changed the data set {name} at the same time: {error}",
            "Run the import again.",
            table=str(folder),
        ) from error
    except DeltaError as error:
        raise StepError(
            "ingest.table_damaged",
            f"The table of data set {name} at {folder} cannot be written: {error}",
            "Import into a new data set, or restore the table's folder.",
            table=str(folder),
        ) from error


def _create(parts: Sequence[Path], folder: Path, name: str) -> Stored:
    schema = pl.scan_parquet(parts[0]).collect_schema()
    folder.mkdir(parents=True, exist_ok=True)
    actions = [_add(_adopt(part, folder)) for part in parts]
    create_table_with_add_actions(
        str(folder), _delta_schema(schema), actions, mode="error", name=name
    )
    rows = sum(json.loads(action.stats)["numRecords"] for action in actions)
    return Stored(0, appended=rows, replaced=0, unchanged=0)


def _merge(parts: Sequence[Path], folder: Path, staging: Path) -> Stored:
    table = open_table(str(folder))
    imported = pl.scan_parquet(list(parts))
    new_columns = [
        column
        for column in imported.collect_schema().names()
        if column not in {field.name for field in table.schema().fields}
    ]
    if new_columns:
        table.alter.add_columns([Field(column, PrimitiveType("double")) for column in new_columns])
    stored = scan_version(str(folder))
    columns = stored.schema.names()
    appended, changed = _differences(imported, stored.frame, columns, staging)
    rows = imported.select(pl.len()).collect().item()
    if not appended and changed is None:
        return Stored(table.version(), 0, 0, rows)
    actions: list[AddAction | RemoveAction] = []
    if changed is not None:
        actions.extend(_rewrite(table, folder, staging, changed))
    added = [_add(_adopt(part, folder)) for part in appended]
    table.create_write_transaction([*actions, *added], mode="append", schema=table.schema())
    n_appended = sum(json.loads(action.stats)["numRecords"] for action in added)
    n_changed = 0 if changed is None else changed.height
    return Stored(
        open_table(str(folder)).version(), n_appended, n_changed, rows - n_appended - n_changed
    )


def _differences(
    imported: pl.LazyFrame, stored: pl.LazyFrame, columns: list[str], staging: Path
) -> tuple[list[Path], pl.DataFrame | None]:
    """Parts of the rows that the table lacks, and the rows that it has otherwise."""
    shared = imported.collect_schema().names()
    values = [name for name in shared if name not in KEY]
    appended: list[Path] = []
    changed: list[pl.DataFrame] = []
    for symbols in _ranges(imported):
        both = (
            imported.filter(symbols)
            .join(
                stored.filter(symbols).with_columns(pl.lit(True).alias("_stored")),
                on=KEY,
                how="left",
                suffix="_stored",
            )
            .collect()
        )
        new = both.filter(pl.col("_stored").is_null())
        if not new.is_empty():
            appended.append(write_part(new.select(shared).sort(KEY).lazy(), staging))
        other = both.filter(
            pl.col("_stored").is_not_null()
            & pl.any_horizontal(
                pl.col(name).ne_missing(pl.col(f"{name}_stored")) for name in values
            )
        )
        if not other.is_empty():
            # What the import has no column for stays as the table has it.
            changed.append(other.select(columns))
    return appended, pl.concat(changed) if changed else None


def _rewrite(
    table: DeltaTable, folder: Path, staging: Path, changed: pl.DataFrame
) -> Iterator[AddAction | RemoveAction]:
    """Swap the files that hold changed rows for files that hold the new ones."""
    log = pl.DataFrame(table.get_add_actions(flatten=True))
    for action in log.iter_rows(named=True):
        mine = changed.filter(
            pl.col("symbol").is_between(pl.lit(action["min.symbol"]), pl.lit(action["max.symbol"]))
        )
        old = pl.scan_parquet(folder / action["path"], glob=False)
        hits = old.join(mine.lazy().select(KEY), on=KEY, how="semi").select(pl.len()).collect()
        if hits.item() == 0:
            continue
        written = [
            _add(_adopt(write_part(rows.lazy(), staging), folder))
            for rows in _with_changes(old, mine)
        ]
        yield from written
        yield RemoveAction(
            path=action["path"],
            data_change=True,
            # When the rows were written anew: the file's own clock, since a step has none.
            deletion_timestamp=max(part.modification_time for part in written),
            size=action["size_bytes"],
            partition_values={},
        )


def _with_changes(old: pl.LazyFrame, changed: pl.DataFrame) -> Iterator[pl.DataFrame]:
    for symbols in _ranges(old):
        rows = old.filter(symbols)
        kept = rows.join(changed.lazy(), on=KEY, how="anti")
        replaced = rows.select(KEY).join(changed.lazy(), on=KEY, how="inner")
        yield pl.concat([kept, replaced], how="diagonal").collect().sort(KEY)


def _ranges(frame: pl.LazyFrame) -> Iterator[pl.Expr]:
    """Filters that cut a frame into ranges that can be held in memory."""
    for first, last in symbol_ranges(frame):
        yield pl.col("symbol").is_between(pl.lit(first), pl.lit(last))


def _adopt(part: Path, folder: Path) -> Path:
    """Move a finished part into the table's folder; across devices too."""
    target = folder / part.name
    shutil.move(part, target)
    return target


def _add(part: Path) -> AddAction:
    """The log's entry for a file, with the statistics by which readers skip files.

    They are read from the file's own footer, where they are kept for each group of its rows.
    """
    footer = read_metadata(part)
    groups = [footer.row_group(number) for number in range(footer.num_row_groups)]
    columns = {
        footer.schema.column(number).name: [group.column(number).statistics for group in groups]
        for number in range(footer.num_columns)
    }
    stats = {
        "numRecords": footer.num_rows,
        "minValues": {name: str(min(group.min for group in columns[name])) for name in KEY},
        "maxValues": {name: str(max(group.max for group in columns[name])) for name in KEY},
        "nullCount": {
            name: sum(group.null_count for group in found) for name, found in columns.items()
        },
    }
    status = part.stat()
    return AddAction(
        path=part.name,
        size=status.st_size,
        partition_values={},
        modification_time=int(status.st_mtime * 1000),
        data_change=True,
        stats=json.dumps(stats),
    )


def _delta_schema(schema: pl.Schema) -> Schema:
    return Schema(
        [Field(name, PrimitiveType(_DELTA_TYPES[dtype])) for name, dtype in schema.items()]
    )

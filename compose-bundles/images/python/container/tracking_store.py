"""Takes MLflow's store to where it is to be kept: `python -m container.tracking_store FOLDER WHERE`.

FOLDER is the workspace's folder of MLflow, with `mlflow.db` and `artifacts` as processes keep them.
WHERE is `postgres`, the database that the variable TRACKING_STORE names and the bucket that
TRACKING_ARTIFACTS does, or `sqlite`, that folder. What is there already stays; otherwise the whole
store is copied, in one transaction or into a file aside, and `store.json` says last of all where it
is kept now. Whatever is interrupted is done again.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import sqlalchemy
from mlflow.store.db.utils import _get_schema_version, _initialize_tables, _upgrade_db
from sqlalchemy import Connection, Engine, MetaData, Table

from container.tracking_artifacts import to_bucket, to_folder

ROWS_AT_ONCE = 2000
VERSION_TABLE = "alembic_version"


def main(folder: Path, wanted: str) -> None:
    record = folder / "store.json"
    state: dict[str, Any] = {"kept_in": "sqlite", "homecomings": 0}
    if record.exists():
        state = json.loads(record.read_text())
    file = folder / "mlflow.db"
    database = sqlalchemy.create_engine(os.environ["TRACKING_STORE"])
    artifacts, bucket = folder / "artifacts", os.environ["TRACKING_ARTIFACTS"]
    # Before the record says where the store is, and for a store that was there before its files.
    if wanted == "postgres":
        to_bucket(artifacts, bucket)
    elif state["kept_in"] != wanted:
        to_folder(bucket, artifacts)
    if state["kept_in"] == wanted:
        if wanted == "postgres" and not sqlalchemy.inspect(database).has_table("experiments"):
            sys.exit(
                f"The store was taken to PostgreSQL, and is not there any more. {file} holds it as it"
                f" was then: remove {record} to go on with that."
            )
        return
    if wanted == "postgres":
        # A workspace that has never run MLflow has nothing to bring along.
        if file.exists():
            copy(engine_of(file), database)
        else:
            _initialize_tables(database)
    else:
        aside = folder / "mlflow.db.aside"
        aside.unlink(missing_ok=True)
        copy(database, engine_of(aside))
        with aside.open("rb") as written:
            os.fsync(written.fileno())
        aside.replace(file)
        state["homecomings"] += 1
    state["kept_in"] = wanted
    draft = record.with_suffix(".aside")
    draft.write_text(json.dumps(state))
    draft.replace(record)
    sys.stdout.write(f"the store is kept in {wanted} now\n")


def engine_of(file: Path) -> Engine:
    return sqlalchemy.create_engine(f"sqlite:///{file}")


def copy(source: Engine, target: Engine) -> None:
    """Makes `target` hold what `source` holds, and nothing else."""
    if not sqlalchemy.inspect(target).has_table("experiments"):
        _initialize_tables(target)
    for engine in (source, target):
        _upgrade_db(engine)
    if _get_schema_version(source) != _get_schema_version(target):
        sys.exit("The two stores are of different versions of MLflow.")
    theirs, ours = MetaData(), MetaData()
    theirs.reflect(source)
    ours.reflect(target)
    tables = [table for table in ours.sorted_tables if table.name != VERSION_TABLE]
    with source.connect() as reading, target.begin() as writing:
        for table in reversed(tables):
            writing.execute(table.delete())
        for table in tables:
            rows = reading.execution_options(yield_per=ROWS_AT_ONCE).execute(
                sqlalchemy.select(theirs.tables[table.name])
            )
            for part in rows.mappings().partitions():
                writing.execute(table.insert(), [dict(row) for row in part])
            if target.dialect.name == "postgresql":
                set_sequences(writing, table)
    source.dispose()
    target.dispose()


def set_sequences(connection: Connection, table: Table) -> None:
    """Numbers that the database gives out must go on after those that were copied."""
    for column in table.primary_key.columns:
        if not isinstance(column.type, sqlalchemy.Integer):
            continue
        sequence = connection.scalar(
            sqlalchemy.func.pg_get_serial_sequence(f'"{table.name}"', column.name)
        )
        last = connection.scalar(sqlalchemy.select(sqlalchemy.func.max(column)))
        if sequence is not None and last is not None:
            connection.execute(sqlalchemy.select(sqlalchemy.func.setval(sequence, last)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

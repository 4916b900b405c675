"""The ingest step: from files to a version of a data set."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Sequence
from typing import Any

import polars as pl

from breadthflow_engine.bars.table import scan_version
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Outcome, StepContext
from breadthflow_engine.protocol.uris import to_path
from breadthflow_engine.steps.ingest.columnar import scan_parquet
from breadthflow_engine.steps.ingest.dates import mixed_time_zones
from breadthflow_engine.steps.ingest.delimited import scan_delimited
from breadthflow_engine.steps.ingest.files import SourceFile, find_files
from breadthflow_engine.steps.ingest.params import IngestParams
from breadthflow_engine.steps.ingest.scan import BarsScan
from breadthflow_engine.steps.ingest.settle import DUPLICATE_RULE, Settled, no_rows, settle
from breadthflow_engine.steps.ingest.store import Stored, store


def run(params: IngestParams, context: StepContext) -> Outcome:
    """Read the sources, settle them, and bring them into the data set's table.

    Leaves `understood.json` (how each file was read) and, when a source says something of symbols
    at no date, `attributes.parquet` (symbol, sector). The bars are in the Delta table at
    `places["table"]`, at the version in the summary.
    """
    staging = context.output / "staging"
    try:
        return _run(params, context)
    except OSError as error:
        if error.errno == errno.ENOSPC or "No space left" in str(error):
            raise StepError(
                "ingest.disk_full",
                f"The disk that holds the data set {params.name} is full.",
                "Free some space and import again; the data set is as it was before.",
                table=context.places["table"],
            ) from error
        raise StepError(
            "ingest.unreadable",
            f"{error.filename or 'A source'} cannot be read or written: {error.strerror or error}.",
            "Check that the place is there and that your user has the right to it.",
            file=str(error.filename or ""),
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _run(params: IngestParams, context: StepContext) -> Outcome:
    emit, staging = context.emit, context.output / "staging"
    emit.progress(0.02, "Looking for tables")
    files = find_files(context.sources["source"], staging)
    scans, attributes, empty = _scan(files, params, context)
    if not scans and attributes is not None:
        raise _attributes_alone([file.name for file in files])
    if not scans:
        raise no_rows(empty or [file.name for file in files])
    _refuse_unknown_columns(scans, params)
    _refuse_mixed_zones(scans, params)
    emit.progress(0.15, f"Reading {len(scans)} file{'s' if len(scans) > 1 else ''}")
    settled = settle(scans, staging)
    emit.progress(0.7, "Comparing with the data set", done=settled.rows, unit="rows")
    table = to_path(context.places["table"])
    stored = store(settled.parts, table, staging, params.name)
    emit.progress(0.95, f"Version {stored.version} is written")
    if attributes is not None:
        attributes.write_parquet(context.output / "attributes.parquet")
    understood = {
        "files": [
            {"file": scan.file, "columns": dict(scan.recognition.columns), **scan.understood}
            for scan in scans
        ],
        "empty_files": empty,
        "symbol_from_file_name": [
            scan.file for scan in scans if "symbol" not in scan.recognition.columns
        ],
        "time_zone": params.timezone or "dates as they are written",
        "duplicates": DUPLICATE_RULE,
    }
    (context.output / "understood.json").write_text(json.dumps(understood, indent=2), "utf-8")
    summary, columns = _summary(params, context, scans, settled, stored, attributes)
    emit.progress(1.0, f"{summary['rows']:,} bars of {summary['symbols']:,} symbols")
    return Outcome("bars", summary, rows=summary["rows"], columns=columns)


def _scan(
    files: Sequence[SourceFile], params: IngestParams, context: StepContext
) -> tuple[list[BarsScan], pl.DataFrame | None, list[str]]:
    scans: list[BarsScan] = []
    attributes: list[pl.DataFrame] = []
    empty: list[str] = []
    for number, file in enumerate(files):
        reader = scan_parquet if file.form == "parquet" else scan_delimited
        found = reader(file, params)
        if found is None:
            empty.append(file.name)
        elif isinstance(found, pl.DataFrame):
            attributes.append(found)
        else:
            scans.append(found)
        if len(files) > 1 and number % max(1, len(files) // 10) == 0:
            context.emit.progress(
                0.02 + 0.13 * number / len(files), file.name, done=number, total=len(files)
            )
    if empty and scans:
        context.emit.log(f"{len(empty)} files without rows were passed over", files=empty[:20])
    return scans, _one_attribute_table(attributes), empty


def _one_attribute_table(tables: list[pl.DataFrame]) -> pl.DataFrame | None:
    if not tables:
        return None
    return (
        pl.concat(tables)
        .with_columns(pl.all().str.strip_chars())
        .filter(pl.col("symbol").is_not_null() & (pl.col("symbol") != ""))
        .unique("symbol", keep="last")
        .sort("symbol")
    )


def _attributes_alone(files: list[str]) -> StepError:
    return StepError(
        "ingest.attributes_alone",
        f"{', '.join(files[:5])} tells of symbols, such as their sectors, but has no bars.",
        "Name the file with the prices too; both are read together.",
        file=files[0],
    )


def _refuse_unknown_columns(scans: Sequence[BarsScan], params: IngestParams) -> None:
    used = {column for scan in scans for column in scan.recognition.columns.values()}
    for role, column in params.columns.items():
        if column not in used and role != "sector":
            raise StepError(
                "ingest.unknown_column",
                f"No source has a column {column!r}, which `columns` names as the {role}.",
                "Correct the name; it is compared letter by letter.",
                field=f"columns.{role}",
            )


def _refuse_mixed_zones(scans: Sequence[BarsScan], params: IngestParams) -> None:
    zones = {scan.zone: scan for scan in reversed(scans) if scan.zone is not None}
    if len(zones) > 1 and (params.timezone is None or "naive" in zones):
        other = list(zones.values())[-1]
        column = other.recognition.columns["date"]
        raise mixed_time_zones(
            " and ".join(scan.file for scan in zones.values()),
            sorted(zone for zone in zones if zone),
            column,
        )


def _summary(
    params: IngestParams,
    context: StepContext,
    scans: Sequence[BarsScan],
    settled: Settled,
    stored: Stored,
    attributes: pl.DataFrame | None,
) -> tuple[dict[str, Any], dict[str, str]]:
    version = scan_version(context.places["table"], stored.version)
    whole = (
        version.frame.select(
            pl.len().alias("rows"),
            pl.col("symbol").n_unique().alias("symbols"),
            pl.col("date").min().alias("first"),
            pl.col("date").max().alias("last"),
        )
        .collect(engine="streaming")
        .row(0, named=True)
    )
    dtypes = {name: str(dtype) for name, dtype in version.schema.items()}
    summary = {
        "name": params.name,
        "table": context.places["table"],
        "delta_version": stored.version,
        "rows": whole["rows"],
        "symbols": whole["symbols"],
        "first": str(whole["first"]),
        "last": str(whole["last"]),
        "columns": dict(scans[0].recognition.columns),
        "dtypes": dtypes,
        "calendar": params.calendar,
        "appended": stored.appended,
        "replaced": stored.replaced,
        "unchanged": stored.unchanged,
        "duplicates": {
            "rows": settled.duplicates,
            "identical": settled.identical,
            "rule": DUPLICATE_RULE,
        },
        "source_rows": settled.source_rows,
        "files": len(scans),
        "has_attributes": attributes is not None,
    }
    return summary, dtypes

"""How sources would be understood, before anything of them is written."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import cast

import polars as pl
from pydantic import ValidationError

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.uris import to_path
from breadthflow_engine.steps.ingest.columnar import scan_parquet
from breadthflow_engine.steps.ingest.delimited import scan_delimited
from breadthflow_engine.steps.ingest.files import SourceFile, find_files
from breadthflow_engine.steps.ingest.params import IngestParams
from breadthflow_engine.steps.ingest.scan import BAR_SCHEMA, BarsScan
from breadthflow_engine.steps.ingest.text_files import find_separator, read_head
from breadthflow_engine.viewing.messages import (
    ColumnReading,
    FilePreview,
    Kind,
    Preview,
    PreviewRequest,
)
from breadthflow_engine.workers.jobs import Problem

# Of a folder of five hundred files, the first ones show how all of them are read.
FILES = 8
ROWS = 6


def preview(request: PreviewRequest) -> Preview:
    """Look into sources; what is wrong with one file is said of that file.

    Raises:
        StepError: `ingest.not_found`, `ingest.unreadable`, `ingest.no_files`,
            `ingest.damaged_archive` or `request.invalid`.
    """
    params = _params(request)
    with tempfile.TemporaryDirectory(prefix="breadthflow-preview-") as staging:
        files = find_files([to_path(path) for path in request.paths], Path(staging))
        return Preview(
            files=[_look(file, params) for file in files[:FILES]], files_in_all=len(files)
        )


def _params(request: PreviewRequest) -> IngestParams:
    told = request.model_dump(include={"columns", "timezone", "date_format"})
    try:
        return IngestParams(name="preview", **told)
    except ValidationError as error:
        first = error.errors()[0]
        raise StepError(
            "request.invalid",
            str(first["msg"]).removeprefix("Value error, "),
            "Correct the named field.",
            field=".".join(str(part) for part in first["loc"]),
        ) from error


def _look(source: SourceFile, params: IngestParams) -> FilePreview:
    kind: Kind = "empty"
    problem: Problem | None = None
    found: BarsScan | pl.DataFrame | None = None
    rows: pl.DataFrame | None = None
    try:
        reader = scan_parquet if source.form == "parquet" else scan_delimited
        found = reader(source, params)
        if isinstance(found, pl.DataFrame):
            kind, rows = "attributes", found.head(ROWS)
        elif found is not None:
            kind, rows = "bars", _first_rows(found)
    except StepError as error:
        kind, problem = "refused", Problem.model_validate(error.problem())
    header, raw = _as_written(source)
    bars = found if isinstance(found, BarsScan) else None
    said = bars.understood if bars else {}
    return FilePreview(
        file=source.name,
        bytes=source.path.stat().st_size,
        kind=kind,
        form=said.get("form"),
        separator=said.get("separator"),
        decimal_comma=bool(said.get("decimal_comma")),
        dates=said.get("dates"),
        time_zone=said.get("time_zone"),
        symbol_from_file_name=bars is not None and "symbol" not in bars.recognition.columns,
        columns=_columns(bars, header) if bars else [],
        header=list(header),
        raw=raw,
        rows=_plain(rows),
        problem=problem,
    )


def _first_rows(scan: BarsScan) -> pl.DataFrame:
    try:
        return scan.frame.head(ROWS).collect()
    except pl.exceptions.PolarsError:
        # Read as text, which says what is wrong and where.
        return scan.careful().head(ROWS).collect()


def _columns(scan: BarsScan, header: dict[str, str]) -> list[ColumnReading]:
    return [
        ColumnReading(
            role=role,
            column=column,
            source_type=header.get(column, "text"),
            stored_as=str(BAR_SCHEMA.get(role, pl.String())),
        )
        for role, column in scan.recognition.columns.items()
    ]


def _as_written(source: SourceFile) -> tuple[dict[str, str], list[list[str | None]]]:
    """Column names with their types, and the first rows as text; nothing where it is no table."""
    try:
        if source.form == "parquet":
            table = pl.scan_parquet(source.path, glob=False)
            types = {name: str(dtype) for name, dtype in table.collect_schema().items()}
        else:
            separator = find_separator(source, read_head(source))
            table = pl.scan_csv(source.path, separator=separator, infer_schema=False, glob=False)
            types = dict.fromkeys(table.collect_schema().names(), "text")
        first = table.head(ROWS).collect().select(pl.all().cast(pl.String, strict=False))
    except (StepError, pl.exceptions.PolarsError, OSError):
        return {}, []
    return types, [list(row) for row in first.iter_rows()]


def _plain(rows: pl.DataFrame | None) -> list[dict[str, str | float | None]]:
    if rows is None:
        return []
    dates = [name for name, dtype in rows.schema.items() if dtype.is_temporal()]
    plain = rows.with_columns(pl.col(dates).dt.to_string()) if dates else rows
    return cast(list[dict[str, str | float | None]], plain.to_dicts())

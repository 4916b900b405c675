"""Scanning Parquet: types come with the file, and are still checked against what a bar needs."""

from __future__ import annotations

from typing import cast

import polars as pl

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.ingest.columns import Recognition, recognise
from breadthflow_engine.steps.ingest.dates import settle_dates
from breadthflow_engine.steps.ingest.files import SourceFile
from breadthflow_engine.steps.ingest.params import IngestParams
from breadthflow_engine.steps.ingest.scan import NUMBERS, BarsScan, bars_of, missing_key


def scan_parquet(source: SourceFile, params: IngestParams) -> BarsScan | pl.DataFrame | None:
    """Scan one Parquet file; returns as `scan_delimited` does.

    Raises:
        StepError: `ingest.damaged_parquet`, `ingest.not_a_number`, `ingest.not_a_date`, and what
            recognising columns and dates raises.
    """
    raw = pl.scan_parquet(source.path, glob=False)
    try:
        schema = raw.collect_schema()
        rows = cast(int, raw.select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise StepError(
            "ingest.damaged_parquet",
            f"{source.name} is not a whole Parquet file: {str(error).splitlines()[0][:160]}",
            "Download or write it again.",
            file=source.name,
        ) from error
    if rows == 0:
        return None
    found = recognise(source.name, schema.names(), params.columns)
    columns = found.columns
    if found.is_attributes:
        return raw.select(pl.col(c).cast(pl.String).alias(r) for r, c in columns.items()).collect()
    for role in NUMBERS:
        if role in columns and not schema[columns[role]].is_numeric():
            raise StepError(
                "ingest.not_a_number",
                f"{source.name} keeps {columns[role]} as {schema[columns[role]]}, not as a number.",
                "Write the column as a number.",
                file=source.name,
                column=columns[role],
            )
    date, zone, written = _date(source, raw, schema[columns["date"]], found, params)
    symbol = (
        pl.col(columns["symbol"]).cast(pl.String) if "symbol" in columns else pl.lit(source.stem)
    )
    frame = bars_of(
        raw.select(
            symbol.alias("symbol"),
            date.alias("date"),
            *(
                pl.col(columns[role]).cast(pl.Float64).alias(role)
                for role in NUMBERS
                if role in columns
            ),
        ),
        "symbol" in columns,
    )

    def careful() -> pl.LazyFrame:
        lacking = (
            frame.with_row_index("_row")
            .filter(
                pl.col("symbol").is_null() | (pl.col("symbol") == "") | pl.col("date").is_null()
            )
            .head(1)
            .collect()
        )
        if not lacking.is_empty():
            keys = [columns[role] for role in ("symbol", "date") if role in columns]
            raise missing_key(source.name, keys, int(lacking["_row"][0]) + 1)
        return frame

    return BarsScan(
        file=source.name,
        size=source.unpacked_bytes,
        recognition=found,
        frame=frame,
        careful=careful,
        zone=zone,
        timestamps=raw.select(
            symbol.alias("symbol"), date.alias("date"), pl.col(columns["date"]).alias("instant")
        )
        if zone is not None
        else None,
        understood={"form": "parquet", "dates": written, "time_zone": zone},
    )


def _date(
    source: SourceFile,
    raw: pl.LazyFrame,
    dtype: pl.DataType,
    found: Recognition,
    params: IngestParams,
) -> tuple[pl.Expr, str | None, str]:
    """The date, the zone of its timestamps, and how it was written."""
    name = found.columns["date"]
    column = pl.col(name)
    if dtype == pl.Date:
        return column, None, "date"
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone and params.timezone:
            column = column.dt.convert_time_zone(params.timezone)
        return column.dt.date(), dtype.time_zone or "naive", "datetime"
    if dtype.is_integer() or dtype == pl.String:
        text = raw.select(column.cast(pl.String))
        sample = text.drop_nulls().head(1000).collect().to_series()
        if not sample.is_empty():
            rule = settle_dates(
                source.name,
                name,
                lambda: text.unique().collect().to_series(),
                sample,
                params.timezone,
                params.date_format,
            )
            return rule.to_date(column.cast(pl.String)), rule.zone, rule.written
    raise StepError(
        "ingest.not_a_date",
        f"{source.name} keeps {name} as {dtype}, not as dates.",
        "Write the column as dates.",
        file=source.name,
        column=name,
    )

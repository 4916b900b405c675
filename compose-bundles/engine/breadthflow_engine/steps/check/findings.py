"""The shape of findings and of the overlay, and how runs of rows become one finding."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from breadthflow_engine.protocol.messages import Finding
from breadthflow_engine.protocol.step import Emitter

FINDINGS_SCHEMA = pl.Schema(
    {
        "rule": pl.String(),
        "severity": pl.String(),
        "symbol": pl.String(),
        "date_from": pl.Date(),
        "date_to": pl.Date(),
        "action": pl.String(),
        "rows": pl.Int64(),
        "detail": pl.String(),
    }
)
SEVERITIES = ("error", "warning", "info")
# A live list is for reading; the file has them all.
EMITTED = 200
# As many as a screen or report can list; the Parquet file and the summary's counts have them all.
LISTED = 5_000


def finding(
    rule: str,
    severity: str,
    detail: str,
    *,
    symbol: str | None = None,
    date_from: object = None,
    date_to: object = None,
    action: str = "kept",
    rows: int = 0,
) -> pl.DataFrame:
    """One finding, as a table of one row."""
    row = [rule, severity, symbol, date_from, date_to, action, rows, detail]
    return pl.DataFrame([row], schema=FINDINGS_SCHEMA, orient="row")


def from_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Findings from rows with `_row`, symbol, date, rule, severity, action, detail.

    Neighbouring rows of a symbol with the same rule, action and detail are one finding.
    """
    if rows.is_empty():
        return pl.DataFrame(schema=FINDINGS_SCHEMA)
    kind = ("rule", "severity", "symbol", "action", "detail")
    return (
        rows.sort("_row")
        .with_columns(
            (pl.col("_row").cast(pl.Int64) - pl.int_range(pl.len()).over(kind)).alias("_run")
        )
        .group_by(*kind, "_run", maintain_order=True)
        .agg(
            pl.col("date").min().alias("date_from"),
            pl.col("date").max().alias("date_to"),
            pl.len().cast(pl.Int64).alias("rows"),
        )
        .select(FINDINGS_SCHEMA.names())
    )


def in_order(findings: list[pl.DataFrame]) -> pl.DataFrame:
    """All findings, the most severe first."""
    if not findings:
        return pl.DataFrame(schema=FINDINGS_SCHEMA)
    rank = pl.col("severity").replace_strict(SEVERITIES, range(len(SEVERITIES)))
    return pl.concat(findings).sort(
        rank, "rule", "symbol", "date_from", nulls_last=False, maintain_order=True
    )


def emit_findings(findings: pl.DataFrame, emit: Emitter) -> None:
    for row in findings.head(EMITTED).iter_rows(named=True):
        dates = {key: row[key] and str(row[key]) for key in ("date_from", "date_to")}
        emit.finding(Finding(**{**row, **dates}))
    if findings.height > EMITTED:
        emit.log(
            f"{findings.height - EMITTED:,} more findings are in findings.parquet",
            "warning",
            findings=findings.height,
        )


def write_listing(findings: pl.DataFrame, path: Path) -> None:
    """The first findings as JSON, for those who do not read Parquet: screens and reports."""
    listed = findings.head(LISTED).with_columns(pl.col("date_from", "date_to").dt.to_string())
    rows = listed.rename({"date_from": "from", "date_to": "to"}).to_dicts()
    path.write_text(json.dumps(rows), encoding="utf-8", newline="\n")

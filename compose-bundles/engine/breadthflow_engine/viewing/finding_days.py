"""Findings by day, for a calendar."""

from __future__ import annotations

import polars as pl

from breadthflow_engine.viewing.messages import BarsPlace, DayFindings, FindingDays
from breadthflow_engine.viewing.prices import read_findings

SEVERITIES = ("error", "warning", "info")
LONGEST_OF_ALL = 31


def finding_days(place: BarsPlace) -> FindingDays:
    """How many findings of each severity touch each day.

    A finding on several days, such as a gap, touches the weekdays among them.

    Raises:
        StepError: `artifact.file_missing`.
    """
    table = (
        read_findings(place.check)
        .lazy()
        .filter(pl.col("date_from").is_not_null())
        .with_columns(pl.col("date_to").fill_null(pl.col("date_from")))
        # What is said of all symbols over a long time, such as survivorship, is on no day.
        .filter(
            pl.col("symbol").is_not_null()
            | (pl.col("date_to") - pl.col("date_from") <= pl.duration(days=LONGEST_OF_ALL))
        )
        .select(
            "severity",
            pl.date_ranges("date_from", "date_to").alias("date"),
            (pl.col("date_from") == pl.col("date_to")).alias("_one"),
        )
        .explode("date")
        # A bar on a Saturday is a finding of its own; within a range a Saturday is nothing.
        .filter(pl.col("_one") | (pl.col("date").dt.weekday() <= 5))
        .group_by("date")
        .agg((pl.col("severity") == severity).sum().alias(severity) for severity in SEVERITIES)
        .sort("date")
        .with_columns(pl.col("date").dt.to_string())
        .collect(engine="streaming")
    )
    return FindingDays(days=[DayFindings(**row) for row in table.iter_rows(named=True)])

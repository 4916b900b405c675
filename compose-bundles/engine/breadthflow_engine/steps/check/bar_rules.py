"""Rules about one bar by itself, and what is done about each.

| rule               | severity | action                                                         |
|--------------------|----------|----------------------------------------------------------------|
| missing_value      | warning  | kept empty; without a close (error) the bar is quarantined     |
| infinite_value     | error    | quarantined                                                    |
| non_positive_price | error    | quarantined                                                    |
| negative_volume    | error    | quarantined                                                    |
| future_date        | error    | quarantined                                                    |
| zero_volume        | info     | kept                                                           |
| low_not_lowest     | warning  | repaired from its own values: an open far outside the range |
| high_not_highest   | warning  | is moved to its edge, else the range is widened to hold them |

Repairs use no other bar, so they know nothing of the future.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from breadthflow_engine.bars.overlay import ACTIONS_SCHEMA
from breadthflow_engine.bars.table import KEY
from breadthflow_engine.steps.check.findings import FINDINGS_SCHEMA
from breadthflow_engine.steps.check.schema import PRICES, failures

# A price this far (log) outside the bar's range is wrong itself, rather than the range.
FAR_OUTSIDE = 0.2
KEEPS = ("symbol", "date", "_row", "rule", "severity", "action", "detail")


@dataclass(frozen=True)
class BarFindings:
    """Rows with rule, severity, action and detail; and the overlay they ask for."""

    rows: pl.DataFrame
    actions: pl.DataFrame


def judge_bars(suspects: pl.DataFrame, bad_prints: pl.DataFrame) -> BarFindings:
    """Apply the rules to the rows that the panel's pass picked.

    Args:
        bad_prints: (symbol, date) of rows that are quarantined anyway, and so not repaired.
    """
    bad = pl.concat([_values(suspects), _zero_volume(suspects)])
    fatal = bad.filter(pl.col("action") == "quarantined").select(KEY)
    gone = pl.concat([fatal, bad_prints.select(KEY)]).unique(maintain_order=True)
    broken, repairs = _ranges(suspects)
    broken = broken.join(gone.with_columns(gone=True), on=KEY, how="left").with_columns(
        pl.when("gone").then(pl.lit("quarantined")).otherwise("action").alias("action"),
        pl.when("gone").then("bar").otherwise(pl.format("{}: {}", "bar", "done")).alias("detail"),
    )
    actions = [
        pl.DataFrame(schema=ACTIONS_SCHEMA),
        fatal.unique(maintain_order=True).with_columns(action=pl.lit("quarantine")),
        repairs.join(gone, on=KEY, how="anti"),
    ]
    return BarFindings(pl.concat([bad, broken.select(KEEPS)]), pl.concat(actions, how="diagonal"))


def judge_future(future: pl.DataFrame, today: date | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Findings and overlay for bars dated after today: one finding a symbol, whatever the years."""
    findings = (
        future.group_by("symbol", maintain_order=True)
        .agg(
            pl.col("date").min().alias("date_from"),
            pl.col("date").max().alias("date_to"),
            pl.len().cast(pl.Int64).alias("rows"),
        )
        .with_columns(
            rule=pl.lit("future_date"),
            severity=pl.lit("error"),
            action=pl.lit("quarantined"),
            detail=pl.lit(f"dated after {today}, when the bars were imported"),
        )
        .select(FINDINGS_SCHEMA.names())
    )
    actions = future.select(*KEY, pl.lit("quarantine").alias("action"))
    return findings, pl.concat([pl.DataFrame(schema=ACTIONS_SCHEMA), actions], how="diagonal")


def _values(suspects: pl.DataFrame) -> pl.DataFrame:
    cases = failures(suspects.select(*PRICES, "volume"))
    by_row = cases.group_by("index", "rule", maintain_order=True).agg("column")
    says = {
        "missing_value": "missing",
        "infinite_value": "infinite",
        "non_positive_price": "zero or negative",
        "negative_volume": "negative",
    }
    no_close = pl.col("column").list.contains("close")
    fatal = (pl.col("rule") != "missing_value") | no_close
    columns = pl.col("column").list
    several = columns.len() > 1
    named = (
        pl.when(several)
        .then(columns.head(columns.len() - 1).list.join(", ") + " and " + columns.last())
        .otherwise(columns.first())
    )
    return (
        suspects.with_row_index("index")
        .with_columns(pl.col("index").cast(pl.Int32))
        .join(by_row, on="index", how="inner", maintain_order="left")
        .with_columns(
            pl.when(fatal).then(pl.lit("error")).otherwise(pl.lit("warning")).alias("severity"),
            pl.when(fatal).then(pl.lit("quarantined")).otherwise(pl.lit("kept")).alias("action"),
            pl.format(
                "{} {} {}",
                named,
                pl.when(several).then(pl.lit("are")).otherwise(pl.lit("is")),
                pl.col("rule").replace_strict(says),
            ).alias("detail"),
        )
        .select(KEEPS)
    )


def _zero_volume(suspects: pl.DataFrame) -> pl.DataFrame:
    return _rows(suspects, pl.col("volume") == 0, "zero_volume", "info", "kept", "nothing traded")


def _ranges(suspects: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    low_is_high = pl.col("low") > pl.min_horizontal("open", "high", "close")
    high_is_low = pl.col("high") < pl.max_horizontal("open", "low", "close")
    broken = suspects.filter(low_is_high | high_is_low)
    below = (pl.col("low") / pl.col("open")).log()
    above = (pl.col("open") / pl.col("high")).log()
    orderly = (pl.col("low") <= pl.col("high")) & pl.col("close").is_between("low", "high")
    stray = (orderly & (pl.max_horizontal(below, above) > FAR_OUTSIDE)).fill_null(False)
    fixed = broken.with_columns(stray.alias("_stray")).with_columns(
        pl.when("_stray")
        .then(pl.col("open").clip(pl.col("low"), pl.col("high")))
        .otherwise("open")
        .alias("to_open"),
        *(
            pl.when("_stray").then(name).otherwise(extreme(*PRICES)).alias(f"to_{name}")
            for name, extreme in (("low", pl.min_horizontal), ("high", pl.max_horizontal))
        ),
    )
    repairs = pl.concat(
        fixed.filter(pl.col(f"to_{name}") != pl.col(name)).select(
            "symbol",
            "date",
            pl.lit("set").alias("action"),
            pl.lit(name).alias("field"),
            pl.col(f"to_{name}").alias("value"),
        )
        for name in ("open", "low", "high")
    )
    numbers = [pl.col(name).round(4) for name in PRICES]
    bar = pl.format("open {}, high {}, low {}, close {}", *numbers)
    done = (
        pl.when("_stray")
        .then(pl.format("open set to {}", pl.col("to_open").round(4)))
        .otherwise(
            pl.format("range set to {} – {}", pl.col("to_low").round(4), pl.col("to_high").round(4))
        )
    )
    told = fixed.with_columns(
        pl.lit("warning").alias("severity"),
        pl.lit("repaired").alias("action"),
        bar.alias("bar"),
        done.alias("done"),
    )
    rows = pl.concat(
        told.filter(rule).with_columns(pl.lit(name).alias("rule"))
        for rule, name in ((low_is_high, "low_not_lowest"), (high_is_low, "high_not_highest"))
    )
    return rows, repairs


def _rows(
    suspects: pl.DataFrame, which: pl.Expr, rule: str, severity: str, action: str, detail: str
) -> pl.DataFrame:
    return (
        suspects.filter(which)
        .with_columns(rule=pl.lit(rule), severity=pl.lit(severity), action=pl.lit(action))
        .with_columns(detail=pl.lit(detail))
        .select(KEEPS)
    )

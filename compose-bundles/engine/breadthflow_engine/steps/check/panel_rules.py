"""Rules about a symbol's history and about the panel as a whole.

| rule              | severity | action      | what                                              |
|-------------------|----------|-------------|---------------------------------------------------|
| bad_print         | error    | quarantined | one bar far off that the next bar undoes          |
| unadjusted_action | error    | repaired    | a split or spin-off; earlier bars are scaled      |
| possible_action   | warning  | kept        | like a smaller one; may be a real loss |
| stale_prices      | warning  | kept        | the same bar again and again                      |
| gap               | warning  | kept        | sessions without a bar, within its history |
| missing_session   | warning  | kept        | a session on which no symbol has a bar            |
| extra_day         | warning  | kept        | bars on a day that the calendar does not have     |
| late_listing      | info     | kept        | a symbol that begins after the panel does         |
| early_end         | info     | kept        | a symbol that ends before the panel does          |
| survivorship      | warning  | kept        | symbols join, and none ever leaves                |
| duplicate_rows    | info     | repaired    | rows left out for a later one of their key |
| single_symbol     | warning  | kept        | nothing can be compared across symbols            |
| single_day        | warning  | kept        | nothing can be learnt along time                  |
"""

from __future__ import annotations

from typing import Any

import polars as pl

from breadthflow_engine.bars.overlay import ACTIONS_SCHEMA
from breadthflow_engine.steps.check.findings import FINDINGS_SCHEMA, finding, from_rows
from breadthflow_engine.steps.check.panel import Panel
from breadthflow_engine.steps.check.sessions import Sessions

# A list that lost nobody in less than a year may be luck.
SURVIVORSHIP_SESSIONS = 252


def _with_minus(number: pl.Expr) -> pl.Expr:
    """A number as text, with a minus sign that is as wide as a digit."""
    return number.cast(pl.String).str.replace("-", "−", literal=True)


def judge_jumps(jumps: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Findings and overlay for what `jumps.classify` told apart."""
    percent = _with_minus(((pl.col("move").exp() - 1) * 100).round(1))
    overnight = _with_minus(((pl.col("gap").exp() - 1) * 100).round(1))
    told = {
        "bad_print": (
            "error",
            "quarantined",
            pl.format("close {} is {} % off, and the next bar is back", pl.col("close"), percent),
        ),
        "unadjusted_action": (
            "error",
            "repaired",
            pl.format(
                "opens {} % from the close before and stays: a split or spin-off that was not "
                "adjusted; earlier prices are multiplied by {}",
                overnight,
                pl.col("ratio").round(4),
            ),
        ),
        "possible_action": (
            "warning",
            "kept",
            pl.format(
                "opens {} % from the close before and stays, on ordinary volume: perhaps a "
                "spin-off or special dividend that was not adjusted",
                overnight,
            ),
        ),
    }
    rows = [
        jumps.filter(pl.col("kind") == kind).with_columns(
            pl.lit(kind).alias("rule"),
            pl.lit(severity).alias("severity"),
            pl.lit(action).alias("action"),
            detail.alias("detail"),
        )
        for kind, (severity, action, detail) in told.items()
    ]
    quarantine = jumps.filter(pl.col("kind") == "bad_print").select(
        "symbol", "date", pl.lit("quarantine").alias("action")
    )
    scale = jumps.filter(pl.col("kind") == "unadjusted_action").select(
        "symbol", "date", pl.lit("scale_before").alias("action"), pl.col("ratio").alias("value")
    )
    actions = pl.concat([pl.DataFrame(schema=ACTIONS_SCHEMA), quarantine, scale], how="diagonal")
    return from_rows(pl.concat(rows)), actions


def judge_stale(panel: Panel) -> pl.DataFrame:
    return from_rows(
        panel.stale.with_columns(
            pl.lit("stale_prices").alias("rule"),
            pl.lit("warning").alias("severity"),
            pl.lit("kept").alias("action"),
            pl.format("the bar of the day before again, at {}", pl.col("close")).alias("detail"),
        )
    )


def judge_calendar(panel: Panel, sessions: Sessions, calendar: str) -> list[pl.DataFrame]:
    """Gaps, sessions that nobody has, and days that are no session."""
    days = panel.per_day["date"]
    empty = sessions.days.filter(~sessions.days.is_in(days.implode()))
    extra = panel.per_day.filter(~pl.col("date").is_in(sessions.days.implode()))
    found = [
        finding(
            "missing_session",
            "warning",
            f"no symbol has a bar, though {calendar} was open",
            date_from=day,
            date_to=day,
        )
        for day in empty
    ]
    found += [
        finding(
            "extra_day",
            "warning",
            f"bars on a day when {calendar} was closed",
            date_from=day,
            date_to=day,
            rows=rows,
        )
        for day, rows in extra.iter_rows()
    ]
    # Only sessions that others have are a symbol's own gap.
    open_days = sessions.days.filter(sessions.days.is_in(days.implode())).to_frame("day")
    gaps = (
        panel.gaps.lazy()
        .join_where(
            open_days.lazy(), pl.col("day") > pl.col("after"), pl.col("day") < pl.col("until")
        )
        .group_by("symbol", "after", "until")
        .agg(
            pl.col("day").min().alias("date_from"),
            pl.col("day").max().alias("date_to"),
            pl.len().cast(pl.Int64).alias("rows"),
        )
        .sort("symbol", "date_from")
        .collect()
    )
    found.append(
        gaps.select(
            pl.lit("gap").alias("rule"),
            pl.lit("warning").alias("severity"),
            "symbol",
            "date_from",
            "date_to",
            pl.lit("kept").alias("action"),
            "rows",
            pl.format(
                "{} without a bar",
                pl.when(pl.col("rows") == 1)
                .then(pl.lit("1 session"))
                .otherwise(pl.format("{} sessions", "rows")),
            ).alias("detail"),
        )
    )
    return found


def judge_membership(panel: Panel, sessions: Sessions) -> list[pl.DataFrame]:
    """Who joins, who leaves, and whether nobody ever does."""
    first, last = panel.per_day["date"].min(), panel.per_day["date"].max()
    joins = panel.symbols.filter(pl.col("first") > first).sort("symbol")
    leaves = panel.symbols.filter(pl.col("last") < last).sort("symbol")
    found = [
        members.select(
            pl.lit(rule).alias("rule"),
            pl.lit("info").alias("severity"),
            "symbol",
            pl.col(day).alias("date_from"),
            pl.col(day).alias("date_to"),
            pl.lit("kept").alias("action"),
            pl.col("rows").cast(pl.Int64),
            pl.format(text, day).alias("detail"),
        )
        for members, rule, day, text in (
            (joins, "late_listing", "first", "its first bar is on {}"),
            (leaves, "early_end", "last", "its last bar is on {}"),
        )
    ]
    if joins.height and not leaves.height and len(sessions.days) >= SURVIVORSHIP_SESSIONS:
        found.append(
            finding(
                "survivorship",
                "warning",
                f"{joins.height} of {panel.symbols.height} symbols join between {first} and {last} "
                "and none ever leaves: the list looks like today's members, so companies that "
                "failed are absent and results on it are too good",
                date_from=first,
                date_to=last,
                rows=panel.rows,
            )
        )
    return found


def judge_shape(panel: Panel, bars: dict[str, Any]) -> list[pl.DataFrame]:
    found = [pl.DataFrame(schema=FINDINGS_SCHEMA)]
    first, last = panel.per_day["date"].min(), panel.per_day["date"].max()
    if panel.symbols.height == 1:
        text = "the only symbol: nothing can be compared across symbols"
        symbol = panel.symbols["symbol"][0]
        found.append(finding("single_symbol", "warning", text, symbol=symbol, rows=panel.rows))
    if panel.per_day.height == 1:
        text = "the only day: nothing can be learnt along time"
        found.append(
            finding("single_day", "warning", text, date_from=first, date_to=last, rows=panel.rows)
        )
    duplicates = bars.get("duplicates") or {}
    if duplicates.get("rows"):
        identical = duplicates.get("identical", 0)
        text = (
            f"{duplicates['rows']} source rows had the key of a later row and were left out "
            f"({identical} of them said the same): {duplicates['rule']}"
        )
        found.append(
            finding("duplicate_rows", "info", text, action="repaired", rows=duplicates["rows"])
        )
    return found

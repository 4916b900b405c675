"""The check step: what is wrong with a version of bars, and an overlay of what is done about it."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from breadthflow_engine.bars.table import BarsVersion, scan_version
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Outcome, StepContext
from breadthflow_engine.steps.check.bar_rules import judge_bars, judge_future
from breadthflow_engine.steps.check.findings import (
    emit_findings,
    from_rows,
    in_order,
    write_listing,
)
from breadthflow_engine.steps.check.jumps import classify
from breadthflow_engine.steps.check.panel import Panel, look
from breadthflow_engine.steps.check.panel_rules import (
    judge_calendar,
    judge_jumps,
    judge_membership,
    judge_shape,
    judge_stale,
)
from breadthflow_engine.steps.check.params import CheckParams
from breadthflow_engine.steps.check.schema import refuse_wrong_table
from breadthflow_engine.steps.check.sessions import load_sessions


def run(params: CheckParams, context: StepContext) -> Outcome:
    """Check bars.

    Leaves `findings.parquet` (rule, severity, symbol, date_from, date_to, action, rows, detail),
    the first of them again in `findings.json`, and `actions.parquet`, the overlay that
    `bars.load_bars` applies. The bars are not changed.
    """
    bars, emit = context.inputs["bars"].summary, context.emit
    emit.progress(0.02, "Checking columns and types")
    version = scan_version(bars["table"], bars["delta_version"])
    refuse_wrong_table(version.frame, bars["name"])
    first, last = _span(version, bars, params.today)
    sessions = load_sessions(params.calendar, first, last)
    emit.progress(0.1, f"Looking at {bars['rows']:,} bars")
    panel = look(
        version,
        sessions,
        params.today,
        lambda done: emit.progress(0.1 + 0.7 * done, f"Looked at {done:.0%} of the bars"),
    )
    if panel.repeated_keys:
        raise StepError(
            "check.duplicate_keys",
            f"{panel.repeated_keys} bars of data set {bars['name']} have the symbol and date of "
            "another one.",
            "Another program wrote to the table; import the bars again into a new data set.",
            data=bars["name"],
        )
    emit.progress(0.85, "Judging what was seen")
    jumps = classify(panel.moves, panel.symbols)
    by_jump, jump_actions = judge_jumps(jumps)
    by_bar = judge_bars(panel.suspects, jump_actions.filter(pl.col("action") == "quarantine"))
    future, future_actions = judge_future(panel.future, params.today)
    actions = pl.concat([by_bar.actions, jump_actions, future_actions]).unique(maintain_order=True)
    findings = in_order(
        [
            future,
            from_rows(by_bar.rows),
            by_jump,
            judge_stale(panel),
            *judge_calendar(panel, sessions, params.calendar),
            *judge_membership(panel, sessions),
            *judge_shape(panel, bars),
        ]
    )
    findings.write_parquet(context.output / "findings.parquet")
    write_listing(findings, context.output / "findings.json")
    actions.sort("symbol", "date").write_parquet(context.output / "actions.parquet")
    emit_findings(findings, emit)
    summary = _summary(panel, findings, actions, params)
    if summary["quarantined_rows"] >= panel.rows:
        raise StepError(
            "check.nothing_left",
            f"Every bar of data set {bars['name']} breaks a rule, such as "
            f"{findings['rule'][0]}: {findings['detail'][0]}.",
            "Correct the source; its columns may be mixed up.",
            data=bars["name"],
        )
    emit.progress(1.0, f"{findings.height:,} findings")
    return Outcome("findings", summary, rows=findings.height, columns=_columns(findings))


def _span(version: BarsVersion, bars: dict[str, Any], today: date | None) -> tuple[date, date]:
    """The first and the last day with bars, the future left out: no calendar reaches to 2400.

    Raises:
        StepError: `check.nothing_left` when all is future.
    """
    first, last = date.fromisoformat(bars["first"]), date.fromisoformat(bars["last"])
    if today is None or last <= today:
        return first, last
    if first > today:
        raise StepError(
            "check.nothing_left",
            f"Every bar of data set {bars['name']} is dated after {today}, when it was imported: "
            f"the first on {first}.",
            "Correct the dates in the source, or give their form with `date_format`.",
            data=bars["name"],
        )
    day = pl.col("date")
    past = version.frame.filter(day <= today).select(day.max()).collect(engine="streaming")
    return first, past.item()


def _summary(
    panel: Panel, findings: pl.DataFrame, actions: pl.DataFrame, params: CheckParams
) -> dict[str, Any]:
    def count(column: str) -> dict[str, int]:
        return dict(findings.group_by(column).len().sort(column).iter_rows())

    by_rule = count("rule")

    def rows(action: str) -> int:
        return actions.filter(pl.col("action") == action).select("symbol", "date").n_unique()

    complete = panel.symbols.filter(pl.col("rows") == panel.per_day.height).height
    return {
        "findings": findings.height,
        "by_rule": by_rule,
        "by_severity": count("severity"),
        "by_action": count("action"),
        "quarantined_rows": rows("quarantine"),
        "repaired_rows": rows("set"),
        "adjusted_actions": rows("scale_before"),
        "survivorship": "survivorship" in by_rule,
        "calendar": params.calendar,
        "rows": panel.rows,
        "days": panel.per_day.height,
        "symbols": panel.symbols.height,
        "complete_symbols": complete,
    }


def _columns(table: pl.DataFrame) -> dict[str, str]:
    return {name: str(dtype) for name, dtype in table.schema.items()}

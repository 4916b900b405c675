"""Gates on what lies beyond a good backtest: its length, costs, capital, and other markets."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.statistics import sharpe_ratio
from breadthflow_engine.steps.judge.changes import BARS_PER_YEAR, listed
from breadthflow_engine.steps.judge.evidence import Evidence
from breadthflow_engine.steps.judge.gate import Gate
from breadthflow_engine.steps.judge.policy import Policy
from breadthflow_engine.steps.judge.regimes import MIN_DAYS, Regime
from breadthflow_engine.steps.judge.trading_gates import break_even_cost, cost_change
from breadthflow_engine.written import decimal

STRESS = 2.0
"""Times the trading costs that the backtest assumed."""


def robustness_gates(
    policy: Policy,
    evidence: Evidence,
    backtest: Artifact,
    decay: Mapping[str, Any],
    found: Sequence[Regime],
    of_volatility: bool,
) -> list[Gate]:
    """Those that need more than the series of the evidence, in the order in which they are told."""
    return [
        track_record_gate(policy, evidence),
        ic_after_costs_gate(policy, decay, of_volatility),
        stressed_sharpe_gate(policy, evidence, of_volatility),
        capacity_gate(policy, backtest, of_volatility),
        regimes_gate(policy, found),
    ]


def track_record_gate(policy: Policy, evidence: Evidence) -> Gate:
    limit = policy.track_record
    days = len(evidence.model_ic)
    years = days / BARS_PER_YEAR
    passed = years >= limit.threshold
    missing = max(0.0, limit.threshold * BARS_PER_YEAR - days)
    return Gate(
        name="track_record",
        label="Years judged out of fold",
        value=years,
        threshold=limit.threshold,
        interval=None,
        passed=passed,
        decides=limit.decides,
        meaning=(
            f"{days:,} days on which predictions were held against what happened, over "
            f"{BARS_PER_YEAR} a year; passes from "
            f"{'1 year' if limit.threshold == 1 else f'{limit.threshold:g} years'}."
        ),
        would_change=(
            f"{missing:,.0f} more days that are judged: a longer history, or an earlier first fold."
            if not passed
            else f"It would fail with {days - limit.threshold * BARS_PER_YEAR:,.0f} days fewer."
        ),
    )


def ic_after_costs_gate(policy: Policy, decay: Mapping[str, Any], of_volatility: bool) -> Gate:
    limit, value = policy.ic_after_costs, decay["adjusted_ic"]
    meaning = (
        "Rank IC less what following the signal would cost of it, for a book in proportion to the "
        "signal that is renewed once a horizon."
    )
    change = None
    if value is None:
        meaning += f" It is absent: {decay['reason']}."
    else:
        cost = decay["cost_ic"]
        meaning += f" Costs take {decimal(cost, 4)} of it."
        change = (
            f"A rank IC of {decimal(cost + limit.threshold, 4)} before costs is where it passes"
        )
        change += "." if value > limit.threshold else f"; here it is {decimal(value + cost, 4)}."
    return Gate(
        name="ic_after_costs",
        label="Rank IC after costs",
        value=value,
        threshold=limit.threshold,
        interval=None,
        passed=value is not None and value > limit.threshold,
        decides=limit.decides and not of_volatility,
        meaning=meaning,
        would_change=change,
    )


def stressed_sharpe_gate(policy: Policy, evidence: Evidence, of_volatility: bool) -> Gate:
    limit = policy.stressed_sharpe
    more = (STRESS - 1) * evidence.trading_cost
    value = sharpe_ratio(evidence.returns - more, BARS_PER_YEAR)
    return Gate(
        name="stressed_sharpe",
        label="Net Sharpe ratio at twice the costs",
        value=value,
        threshold=limit.threshold,
        interval=None,
        passed=value is not None and value >= limit.threshold,
        decides=limit.decides and not of_volatility,
        meaning=(
            "Yearly net Sharpe ratio of the same trades, had trading cost twice what was assumed."
            if value is not None
            else "It is absent because the book's returns do not vary: nothing was traded."
        ),
        would_change=None if of_volatility else _stress_change(evidence, limit.threshold),
    )


def _stress_change(evidence: Evidence, threshold: float) -> str | None:
    cost, most = evidence.cost_rate, break_even_cost(evidence, threshold)
    if cost is None or most is None or most < 0:
        return cost_change(evidence, threshold)
    return (
        f"It passes where trading costs up to {decimal(most / STRESS * 1e4, 1)} basis points of "
        f"the traded notional, so that twice as much leaves {threshold:g}; here it costs "
        f"{decimal(cost * 1e4, 1)}."
    )


def capacity_gate(policy: Policy, backtest: Artifact, of_volatility: bool) -> Gate:
    limit = policy.capacity
    curve = _capacity_curve(backtest)
    value, why = None, "the backtest measured none"
    if curve is not None:
        capacity, own = curve["capacity"], curve["own_capital"]
        value, why = capacity and capacity / own, curve["capacity_reason"]
        if capacity is None and (curve["sharpe_net"][0] or 0.0) > 0:
            # More than the largest capital that was tried: that much at least.
            value = curve["capital"][-1] / own
    meaning = (
        "Capital at which the net Sharpe ratio falls to half of a small book's under the "
        "square-root law of impact, over the capital of the backtest."
    )
    if value is None:
        meaning += f" It is absent: {why}."
    return Gate(
        name="capacity",
        label="Capacity over capital",
        value=value,
        threshold=limit.threshold,
        interval=None,
        passed=value is not None and value >= limit.threshold,
        decides=limit.decides and not of_volatility,
        meaning=meaning,
        would_change=_capacity_change(value, limit.threshold, curve),
    )


def _capacity_change(
    value: float | None, threshold: float, curve: Mapping[str, Any] | None
) -> str | None:
    if value is None or curve is None or not threshold > 0:
        return None
    if curve["capacity"] is None:
        return f"Nothing up to a capital of {curve['capital'][-1]:,.0f}, the largest one tried."
    most = value * curve["own_capital"] / threshold
    verb = "It would fail above" if value >= threshold else "It would pass up to"
    return f"{verb} a capital of {most:,.0f}; the backtest's is {curve['own_capital']:,.0f}."


def _capacity_curve(backtest: Artifact) -> Mapping[str, Any] | None:
    return json.loads(backtest.file("analytics.json").read_text("utf-8"))["capacity"]


def regimes_gate(policy: Policy, found: Sequence[Regime]) -> Gate:
    limit = policy.regimes
    # A year of a few weeks says nothing of the idea.
    held = [regime for regime in found if regime.days >= MIN_DAYS]
    ahead = [regime for regime in held if (regime.lift.value or 0.0) > 0]
    behind = [regime.title() for regime in held if regime not in ahead]
    value = len(ahead) / len(held) if held else None
    passed = value is not None and value >= limit.threshold
    return Gate(
        name="regimes",
        label="Regimes ahead of the baseline",
        value=value,
        threshold=limit.threshold,
        interval=None,
        passed=passed,
        decides=limit.decides,
        meaning=(
            f"Share of the market's states with {MIN_DAYS} days or more in which the model's "
            f"mean rank IC is above the baseline's: {len(ahead)} of {len(held)}. They overlap, "
            "and few years have seen few of them."
        ),
        would_change=(
            f"A lift above zero in {listed(behind)}."
            if behind
            else f"It would fail with {_too_many(limit.threshold, held)} of them behind."
        )
        if held
        else f"A history with {MIN_DAYS} days of some state.",
    )


def _too_many(share: float, held: Sequence[Regime]) -> int:
    """Fewest regimes behind with which too small a share is ahead."""
    return len(held) - math.ceil(round(share * len(held), 9)) + 1

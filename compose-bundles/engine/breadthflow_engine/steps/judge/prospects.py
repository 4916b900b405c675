"""What it would take, for an idea that is not to be deployed: more history, lower costs or a longer
horizon; and where none of them would help, why.

Every sentence holds only if what was measured is the truth. It says how far away the idea is, not
that it will get there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from scipy.special import ndtri

from breadthflow_engine.statistics import mean_test, moments
from breadthflow_engine.steps.judge.changes import BARS_PER_YEAR, MAX_YEARS, lasting
from breadthflow_engine.steps.judge.evidence import Evidence, Series
from breadthflow_engine.steps.judge.gate import Gate
from breadthflow_engine.steps.judge.policy import Policy
from breadthflow_engine.steps.judge.prediction_gates import block_for
from breadthflow_engine.steps.judge.settings import CONFIDENCE
from breadthflow_engine.steps.judge.trading_gates import break_even_cost, record_needed
from breadthflow_engine.validation.settings import Target
from breadthflow_engine.written import decimal

LENGTH_BOUND = ("rank_ic", "lift", "trials", "deflated_sharpe", "track_record")
"""Gates whose result a longer history can change, the idea being what it is."""

COST_BOUND = ("net_sharpe", "stressed_sharpe", "ic_after_costs")

CONFIDENCE_Z = float(ndtri(0.5 + CONFIDENCE / 2))


@dataclass(frozen=True)
class Prospect:
    """Attributes:
    lever: what could be changed.
    helps: whether that alone would turn the gates that it can reach.
    needed, unit: how much of it, where that can be told: bars, or basis points.
    text: in plain words.
    """

    lever: Literal["history", "costs", "horizon"]
    helps: bool
    needed: float | None
    unit: Literal["bars", "basis points"]
    text: str


def prospects(
    gates: Sequence[Gate],
    evidence: Evidence,
    policy: Policy,
    target: Target,
    decay: Mapping[str, Any],
) -> list[Prospect]:
    """One for each lever."""
    failed = {gate.name for gate in gates if gate.decides and not gate.passed}
    return [
        _history(failed, evidence, policy, target.horizon),
        _costs(failed, evidence, policy, target),
        _horizon(evidence, target, decay),
    ]


def _history(failed: set[str], evidence: Evidence, policy: Policy, horizon: int) -> Prospect:
    reached = [name for name in LENGTH_BOUND if name in failed]
    if not reached:
        text = "More history: no gate that failed asks for more of it."
        return Prospect("history", False, None, "bars", text)
    needed: dict[str, float | None] = {
        "rank_ic": _bars_for_mean(
            evidence.model_ic, horizon, CONFIDENCE_Z, policy.rank_ic.threshold
        ),
        "lift": _bars_for_mean(_lift(evidence), horizon, CONFIDENCE_Z, 0.0),
        "trials": _bars_for_mean(
            _lift(evidence),
            horizon,
            float(ndtri(policy.trials.threshold ** (1 / evidence.trials))),
            0.0,
        ),
        "deflated_sharpe": record_needed(
            moments(evidence.returns), evidence.trials, policy.deflated_sharpe.threshold
        ),
        "track_record": policy.track_record.threshold * BARS_PER_YEAR,
    }
    if float(_lift(evidence).mean()) < policy.lift.threshold:
        needed["lift"] = None
    hopeless = [name for name in reached if needed[name] is None]
    if hopeless:
        text = (
            f"More history: it would not help, because {_why_not(hopeless[0], evidence, policy)}."
        )
        return Prospect("history", False, None, "bars", text)
    most = max(float(needed[name] or 0.0) for name in reached)
    if most > MAX_YEARS * BARS_PER_YEAR:
        text = (
            f"More history: it would take {lasting(most)} for an edge as small as this one to "
            f"show, against {len(evidence.model_ic):,} days here."
        )
        return Prospect("history", False, most, "bars", text)
    text = (
        f"More history: if the edge is what was measured here, {lasting(most)} out of fold would "
        f"show it, against {len(evidence.model_ic):,} days now. If it is smaller, more."
    )
    return Prospect("history", True, most, "bars", text)


def _lift(evidence: Evidence) -> Series:
    return evidence.model_ic - evidence.baseline_ic


def _bars_for_mean(series: Series, horizon: int, quantile: float, least: float) -> float | None:
    """Bars after which the same mean would be `quantile` standard errors above `least`."""
    found = mean_test(series, block_for(series, horizon))
    if found.mean is None or found.error is None or found.mean <= least:
        return None
    return len(series) * (quantile * found.error / (found.mean - least)) ** 2


def _why_not(gate: str, evidence: Evidence, policy: Policy) -> str:
    if gate == "rank_ic":
        mean = float(evidence.model_ic.mean())
        return (
            f"the rank IC of {decimal(mean, 3)} is not above {policy.rank_ic.threshold:g} to "
            "begin with"
        )
    if gate in ("lift", "trials"):
        mean = float(_lift(evidence).mean())
        if mean > 0:
            least = policy.lift.threshold
            return f"a lift of {decimal(mean, 3)} stays below {least:g} however long it lasts"
        return "the model ranks no better than its baseline"
    return "the book's Sharpe ratio is not above zero"


def _costs(failed: set[str], evidence: Evidence, policy: Policy, target: Target) -> Prospect:
    def told(text: str, needed: float | None = None, helps: bool = False) -> Prospect:
        return Prospect("costs", helps, needed, "basis points", f"Lower costs: {text}.")

    if target.kind == "log_realised_volatility":
        return told("they play no part, because what is claimed is a forecast of risk")
    free, least = break_even_cost(evidence), break_even_cost(evidence, policy.net_sharpe.threshold)
    if free is None or least is None or evidence.cost_rate is None:
        return told("the book never traded, so there are none to lower")
    paid = evidence.cost_rate * 1e4
    if free <= 0:
        return told("they would not help, because the book earns nothing even before them")
    even = free * 1e4
    edge = (
        f"the book breaks even at {decimal(even, 1)} basis points of what it trades and pays "
        f"{decimal(paid, 1)}"
    )
    if not failed.intersection(COST_BOUND):
        return told(f"no gate that failed hangs on them; {edge}")
    if least <= 0:
        return told(
            f"they would not be enough; {edge}, and free of costs its Sharpe ratio would still be "
            f"below {policy.net_sharpe.threshold:g}",
            free * 1e4,
        )
    asked = policy.net_sharpe.threshold
    enough = f"{edge}; a net Sharpe ratio of {asked:g} takes {decimal(least * 1e4, 1)}"
    if "net_sharpe" in failed:
        return told(f"{enough} or less", least * 1e4, helps=True)
    return told(f"{enough}, which it has; at twice the costs it must still hold", least * 1e4)


def _horizon(evidence: Evidence, target: Target, decay: Mapping[str, Any]) -> Prospect:
    def told(text: str, helps: bool = False, needed: float | None = None) -> Prospect:
        return Prospect("horizon", helps, needed, "bars", f"A longer horizon: {text}.")

    lines = [
        (horizon, ic, lower, upper, p_value)
        for horizon, ic, lower, upper, p_value in zip(
            decay["horizon"],
            decay["ic"],
            decay["lower"],
            decay["upper"],
            decay["adjusted_p_value"],
            strict=True,
        )
        if ic is not None and lower is not None
    ]
    longer = [line for line in lines if line[0] > target.horizon]
    if target.kind == "log_realised_volatility":
        return told(
            "the baseline was not measured at other horizons, so that one is a new idea to test"
        )
    if not longer:
        return told("the history is too short to measure one")
    # Of several horizons one looks alive by luck: the p-values are adjusted for all of them.
    alive = [line for line in longer if line[4] <= (1 - CONFIDENCE) / 2]
    if not alive:
        bars, ic, lower, upper, _ = max(longer, key=lambda line: line[1])
        return told(
            "the same predictions show no edge there that so many looks would not show by luck; "
            f"the best of {len(lines)} is {decimal(ic, 3)} at {bars} bars (95 % interval "
            f"{decimal(lower, 3)} to {decimal(upper, 3)})"
        )
    bars, ic, lower, upper, _ = max(alive, key=lambda line: line[1])
    own = float(evidence.model_ic.mean())
    if ic <= own:
        return told(
            f"the edge fades: the rank IC is {decimal(ic, 3)} at {bars} bars, {decimal(own, 3)} "
            "at its own"
        )
    return told(
        f"at {bars} bars the same predictions have a rank IC of {decimal(ic, 3)} (95 % interval "
        f"{decimal(lower, 3)} to {decimal(upper, 3)}) against {decimal(own, 3)} at "
        f"{target.horizon}, and such a book trades less; it is one of {len(lines)} horizons "
        "looked at, so test it as an idea of its own",
        True,
        float(bars),
    )

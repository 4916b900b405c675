"""The rule by which gates become a verdict, and the words that tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from breadthflow_engine.steps.judge.evidence import Evidence
from breadthflow_engine.steps.judge.gate import Gate
from breadthflow_engine.steps.judge.prediction_gates import folds_ahead
from breadthflow_engine.written import baseline_name, decimal

Word = Literal["deploy", "watch", "reject"]

RULE = (
    "Every deciding gate passes: deploy. A test for leaks or the plausibility alarm fails, the "
    "rank IC cannot be told from zero, the best baseline is as good, or (where the idea trades on "
    "returns) the book earns nothing after costs: reject. Anything in between: watch. The policy "
    "says which of the other gates decide, and from where on each passes. For a volatility the "
    "gates on trading are told but do not decide, because what is claimed is a forecast of risk, "
    "not a profit."
)


@dataclass(frozen=True)
class Verdict:
    """The word, and why: one to three sentences that hold no more than the gates say."""

    word: Word
    summary: str


def decide(gates: Sequence[Gate], evidence: Evidence) -> Verdict:
    """Apply `RULE` to the gates; see there."""
    by_name = {gate.name: gate for gate in gates}
    ic, lift, money = by_name["rank_ic"], by_name["lift"], money_gate(by_name)
    alarm, leak = by_name["implausible_accuracy"], by_name["leaks"]
    if leak.value is not None and not leak.passed:
        return Verdict(
            "reject", f"Reject, the result knows what it could not have known. {leak.meaning}"
        )
    if not alarm.passed:
        return Verdict(
            "reject", f"Reject, too good to be true ({decimal(alarm.value, 3)}). {alarm.meaning}"
        )
    if not ic.passed:
        return Verdict("reject", f"Reject, no edge: {_ic(ic)}. {money_told(money)}")
    if lift.value is None or lift.value <= 0:
        return Verdict("reject", f"Reject, no better than a baseline: {_lift(lift, evidence)}.")
    if money.decides and (money.value is None or money.value <= 0):
        return Verdict(
            "reject", f"Reject, nothing is left after costs: {_ic(ic)}. {money_told(money)}"
        )
    failed = [gate for gate in gates if gate.decides and not gate.passed]
    told = f"{_ic(ic)}; {_lift(lift, evidence)}, {_folds(evidence)}"
    if failed:
        names = ", ".join(gate.label[0].lower() + gate.label[1:] for gate in failed)
        return Verdict("watch", f"Watch: {told}. Not passed: {names}. {money_told(money)}")
    return Verdict("deploy", f"Deploy: {told}. {money_told(money)}")


def _ic(gate: Gate) -> str:
    told = f"mean daily rank IC out of fold is {decimal(gate.value, 3)}"
    if gate.interval is None:
        return f"{told}, too few days for an interval"
    lower, upper = gate.interval
    if lower > 0:
        return f"{told} (95 % interval {decimal(lower, 3)} to {decimal(upper, 3)})"
    place = "includes 0" if upper >= 0 else "lies below 0"
    return f"{told} and its 95 % interval {decimal(lower, 3)} to {decimal(upper, 3)} {place}"


def _lift(gate: Gate, evidence: Evidence) -> str:
    value = gate.value or 0.0
    side = "above" if value >= 0 else "below"
    against = (
        "zero"
        if evidence.baseline is None
        else f"the best baseline, {baseline_name(evidence.baseline)}"
    )
    told = f"{decimal(abs(value), 3)} {side} {against}"
    if gate.interval is not None:
        told += f" (95 % interval {decimal(gate.interval[0], 3)} to {decimal(gate.interval[1], 3)})"
    return told


def _folds(evidence: Evidence) -> str:
    ahead, count = folds_ahead(evidence)
    return f"ahead in {ahead} of {count} folds"


def money_gate(by_name: Mapping[str, Gate]) -> Gate:
    """The gate on what the book earned: its own, or its lead where a volatility only sized it."""
    return by_name["net_sharpe" if "net_sharpe" in by_name else "sharpe_lead"]


def money_told(gate: Gate) -> str:
    """The net Sharpe ratio in a sentence."""
    if gate.value is None:
        return "The book never traded."
    if gate.name == "net_sharpe":
        return f"Net of costs the book's yearly Sharpe ratio is {decimal(gate.value, 2)}."
    lead = round(gate.value, 2)
    side = "above" if lead > 0 else "below"
    told = (
        f"{decimal(abs(lead), 2)} {side} that of equal weights"
        if lead
        else "the same as that of equal weights"
    )
    low, high = gate.interval or (gate.value, gate.value)
    return (
        f"Sized by it, the net Sharpe ratio was {told} (95 % interval of the difference "
        f"{decimal(low, 2)} "
        f"to {decimal(high, 2)}), which does not decide."
    )

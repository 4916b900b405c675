"""The verdict on one page, in plain words that never say more than the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from breadthflow_engine.steps.judge.evidence import Evidence
from breadthflow_engine.steps.judge.gate import Gate
from breadthflow_engine.steps.judge.luck_gates import alike_told
from breadthflow_engine.steps.judge.prospects import Prospect
from breadthflow_engine.steps.judge.regimes import Regime
from breadthflow_engine.steps.judge.rule import Verdict, money_gate, money_told
from breadthflow_engine.steps.judge.settings import CONFIDENCE
from breadthflow_engine.validation.settings import Target
from breadthflow_engine.written import baseline_name, decimal, percent

CLAIMS = {
    "forward_return": "which symbols will rise most over the next {bars}",
    "excess_return": "which symbols will do better than the others over the next {bars}",
    "direction": "which symbols are the likeliest to rise over the next {bars}",
    "log_realised_volatility": "which symbols will move most over the next {bars}",
}


def one_page(
    verdict: Verdict,
    gates: Sequence[Gate],
    evidence: Evidence,
    target: Target,
    found: Sequence[Regime],
    outlook: Sequence[Prospect],
    caveats: Sequence[str],
) -> list[dict[str, str]]:
    """Paragraphs, each with a title: what is claimed, found, earned, and what speaks against it."""
    by_name = {gate.name: gate for gate in gates}
    parts = [
        ("What is claimed", _claim(evidence, target)),
        ("What was found", _found(by_name, evidence)),
        ("Could it be luck?", _luck(by_name, evidence)),
        ("What it earned", _earned(by_name, target)),
        ("Where it is weakest", _weakest(found)),
        ("The verdict", _decided(verdict, gates)),
    ]
    if verdict.word != "deploy":
        parts.append(("What it would take", " ".join(one.text for one in outlook)))
    parts.append(("What this does not tell", _limits(caveats)))
    return [{"title": title, "text": text} for title, text in parts]


def _claim(evidence: Evidence, target: Target) -> str:
    bars = "bar" if target.horizon == 1 else f"{target.horizon} bars"
    days = evidence.days["date"]
    return (
        f"The model claims to tell {CLAIMS[target.kind].format(bars=bars)}. It was judged on "
        f"{len(days):,} days from {str(days.min())[:10]} to {str(days.max())[:10]}, each "
        "predicted by a model that had seen nothing from that day on."
    )


def _found(gates: Mapping[str, Gate], evidence: Evidence) -> str:
    ic, lift, folds = gates["rank_ic"], gates["lift"], gates["folds_ahead"]
    text = (
        "Its ranking agreed with what happened by a mean daily rank correlation of "
        f"{decimal(ic.value, 3)}{_within(ic)}, where 0 is no skill and 1 is perfect. "
    )
    if ic.interval is not None and ic.interval[0] <= 0 <= ic.interval[1]:
        text += "Zero lies within the interval: this may be no skill at all. "
    if evidence.baseline is None:
        return text + "No baseline was fitted to hold it against."
    value = lift.value or 0.0
    side = "above" if value >= 0 else "below"
    ahead = percent(folds.value or 0.0)
    return text + (
        f"That is {decimal(abs(value), 3)} {side} the best simple baseline, "
        f"{baseline_name(evidence.baseline)}"
        f"{_within(lift, 'of the difference')}; the model was ahead in {ahead} of the test windows."
    )


def _luck(gates: Mapping[str, Gate], evidence: Evidence) -> str:
    trials, search = gates["trials"], gates["overfitting"]
    count = evidence.trials
    many = "One configuration has" if count == 1 else f"{count:,} configurations have"
    text = (
        f"{many} been fitted on this data so far{alike_told(evidence)}; the best of many looks "
        "good by luck alone."
    )
    if (gates["lift"].value or 0.0) <= 0:
        text += " With no lead over the baseline there is nothing that luck would have to explain."
    elif trials.value is not None:
        text += (
            f" With a probability of {_chance(trials.value)} none of as many worthless ones "
            "would have shown such a lift."
        )
    if search.value is not None:
        text += (
            f" In {percent(search.value)} of the ways to halve the history, the configuration "
            "that was best in one half fell to the median of its rivals or below in the other"
            + (
                "; they are so alike that this does no harm."
                if search.passed
                and search.threshold is not None
                and search.value > search.threshold
                else "."
            )
        )
    return text


def _chance(value: float) -> str:
    if value > 0.999:
        return "more than 99.9 %"
    return "less than 0.1 %" if value < 0.001 else percent(value, 1)


def _earned(gates: Mapping[str, Gate], target: Target) -> str:
    money = money_gate(gates)
    text = money_told(money)
    if target.kind == "log_realised_volatility":
        return text
    if money.interval is not None:
        low, high = money.interval
        text += f" Its 95 % interval reaches from {decimal(low, 2)} to {decimal(high, 2)}."
    deflated, stressed = gates["deflated_sharpe"], gates.get("stressed_sharpe")
    if deflated.value is not None:
        text += (
            " The probability that it beats the luckiest of all worthless trials is "
            f"{_chance(deflated.value)}."
        )
    if stressed is not None and stressed.value is not None:
        text += f" At twice the assumed costs the ratio would be {decimal(stressed.value, 2)}."
    return text


def _weakest(found: Sequence[Regime]) -> str:
    known = [one for one in found if one.lift.value is not None and one.lift.lower is not None]
    if not known:
        return "The history is too short to tell regimes apart."
    behind = [one for one in known if (one.lift.upper or 0.0) < 0]
    surely = [one for one in behind if (one.adjusted_p_value or 0.0) <= 1 - CONFIDENCE]
    worst = min(known, key=lambda one: one.lift.value or 0.0)
    text = (
        f"Of {len(known)} overlapping states of the market (volatility, trend, year) its lift was "
        f"smallest in {worst.title()}: {decimal(worst.lift.value, 3)} (95 % interval "
        f"{decimal(worst.lift.lower, 3)} to {decimal(worst.lift.upper, 3)}, {worst.days:,} days)."
    )
    if surely:
        names = ", ".join(one.title() for one in surely)
        return f"{text} Clearly below zero, with all {len(known)} allowed for, it is in {names}."
    if behind:
        names = ", ".join(one.title() for one in behind)
        return (
            f"{text} Its whole interval lies below zero in {names}; of {len(known)} looked at, "
            "one may well do so by luck."
        )
    if (worst.lift.lower or 0.0) > 0:
        return f"{text} It was clearly above zero in all of them."
    return f"{text} In none of them is it clearly below zero."


def _decided(verdict: Verdict, gates: Sequence[Gate]) -> str:
    deciding = [gate for gate in gates if gate.decides]
    failed = [gate for gate in deciding if not gate.passed]
    text = f"{verdict.word.capitalize()}: {len(deciding) - len(failed)} of {len(deciding)} gates"
    text += " that decide were passed."
    if failed:
        text += " Not passed: " + ", ".join(_lowered(gate.label) for gate in failed) + "."
    return text


def _lowered(label: str) -> str:
    """A label within a sentence: names such as IC and Sharpe keep their capitals."""
    return label[0].lower() + label[1:]


def _limits(caveats: Sequence[str]) -> str:
    return " ".join(
        [
            *caveats,
            "It speaks of one history, in which the idea may also have been thought of, and of "
            "assumed costs. What held in it may end.",
        ]
    )


def _within(gate: Gate, of: str = "") -> str:
    if gate.interval is None:
        return ""
    what = f"95 % interval {of} " if of else "95 % interval "
    return f" ({what}{decimal(gate.interval[0], 3)} to {decimal(gate.interval[1], 3)})"

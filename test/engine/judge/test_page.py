"""The page in plain words says no more than the numbers that it was made from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from breadthflow_engine.steps.judge.evidence import read_evidence
from breadthflow_engine.steps.judge.trading_gates import break_even_cost

VOLATILITY = "log_realised_volatility"
CASES: dict[str, dict[str, Any]] = {
    "deploy, returns": {"trials_on_data": 1},
    "deploy, volatility": {
        "kind": VOLATILITY,
        "ic": 0.5217,
        "baselines": {"har": 0.5, "parkinson_21": 0.4},
        "sharpe": 1.123,
    },
    "watch, weak profit": {"sharpe": 0.31},
    "watch, too many trials": {"trials_on_data": 123_456},
    "watch, small lift": {"kind": VOLATILITY, "ic": 0.503, "baselines": {"har": 0.5}},
    "reject, no edge": {"ic": 0.0031, "sharpe": -0.437},
    "reject, wrong way": {"ic": -0.0512},
    "reject, baseline": {"kind": VOLATILITY, "ic": 0.5, "baselines": {"har": 0.511}},
    "reject, costs": {"sharpe": -0.2},
    "reject, leak": {"leaky": True},
    "reject, too good": {"right": 0.9},
    "no book": {"sharpe": 0},
    "no baseline": {"baselines": {}},
    "survivors": {"survivorship": True},
}
NUMBER = re.compile(r"(?<![\w.])[−]?\d+(?:,\d{3})*(?:\.\d+)?")
CONSTANTS = {
    "0 is no skill": ["0"],
    "1 is perfect": ["1"],
    "95 % interval": ["95"],
    "more than 99.9 %": ["99.9"],
    "less than 0.1 %": ["0.1"],
    "more than 50 years": ["50"],
}
"""What is a word rather than a finding, and so is in no summary."""


def numbers(of: Any) -> Iterator[float]:
    if isinstance(of, bool) or of is None:
        return
    if isinstance(of, (int, float)):
        yield float(of)
    elif isinstance(of, dict):
        yield from (number for one in of.values() for number in numbers(one))
    elif isinstance(of, list):
        yield from (number for one in of for number in numbers(one))


def told(text: str) -> list[tuple[str, float]]:
    """The numbers of a text, each with its unit, but for dates and for what is a word."""
    text = re.sub(r"\d{4}-\d{2}-\d{2}", "", text)
    for phrase in CONSTANTS:
        text = text.replace(phrase, "")
    return [
        (found.group(), 100.0 if text[found.end() :].startswith(" %") else 1.0)
        for found in NUMBER.finditer(text)
    ]


def is_found(number: str, unit: float, sources: list[float]) -> bool:
    """At the precision shown, whatever the sign: a sentence may say below."""
    digits = len(number.partition(".")[2])
    shown = abs(float(number.replace("−", "-").replace(",", "")))
    half = 0.5 * 10**-digits * (1 + 1e-9) + 1e-12
    return any(abs(abs(source) * unit - shown) <= half for source in sources)


@pytest.fixture(params=CASES, ids=list(CASES))
def judged(case, request) -> tuple[dict[str, Any], dict[str, list[float]]]:
    """A verdict, and the numbers that each paragraph of its page may tell."""
    made = case(**CASES[request.param])
    _, verdict = made.judge()
    statistics = json.loads((made.root / "output" / "statistics.json").read_text("utf-8"))
    evidence = read_evidence(
        made.artifact("model", {"trials": made.trials}),
        made.artifact("backtest", {}),
        made.kind,
        made.trials_on_data,
    )
    gates = {gate["name"]: gate for gate in verdict["gates"]}
    deciding = [gate["passed"] for gate in verdict["gates"] if gate["decides"]]
    rows = verdict["regimes"]["rows"]
    days, horizon = len(evidence.model_ic), 5

    def of(*names: str) -> list[Any]:
        found = [gates[name] for name in names if name in gates]
        return [[gate["value"], gate["interval"], gate["threshold"]] for gate in found]

    costs = [evidence.cost_rate, break_even_cost(evidence), break_even_cost(evidence, 0.5)]
    allowed = {
        "What is claimed": [days, horizon],
        "What was found": of("rank_ic", "lift", "folds_ahead"),
        "Could it be luck?": [
            verdict["trials_on_data"],
            verdict["effective_trials"],
            of("trials", "overfitting"),
        ],
        "What it earned": of("net_sharpe", "sharpe_lead", "deflated_sharpe", "stressed_sharpe"),
        "Where it is weakest": [
            sum(row["lift"]["lower"] is not None for row in rows),
            [[row["lift"], row["days"]] for row in rows],
            [int(row["name"]) for row in rows if row["kind"] == "year"],
        ],
        "The verdict": [len(deciding), sum(deciding)],
        "What it would take": [
            days,
            [[one["needed"], (one["needed"] or 0) / 252] for one in verdict["outlook"]],
            of("rank_ic", "lift", "net_sharpe"),
            [
                statistics["ic_decay"],
                sum(one is not None for one in statistics["ic_decay"]["lower"]),
            ],
            [10_000 * cost for cost in costs if cost is not None],
        ],
        "What this does not tell": [],
        "summary": [of("rank_ic", "lift", "net_sharpe", "sharpe_lead", "implausible_accuracy"), 6],
    }
    return verdict, {title: list(numbers(sources)) for title, sources in allowed.items()}


def test_every_number_of_the_page_is_one_of_what_the_paragraph_is_about(judged):
    verdict, allowed = judged
    for part in verdict["page"]:
        for number, unit in told(part["text"]):
            assert is_found(number, unit, allowed[part["title"]]), (number, part)


def test_every_number_of_the_short_summary_is_one_of_the_gates(judged):
    verdict, allowed = judged
    leaks = next(gate for gate in verdict["gates"] if gate["name"] == "leaks")
    for number, unit in told(verdict["summary"].replace(leaks["meaning"], "")):
        assert is_found(number, unit, allowed["summary"]), (number, verdict["summary"])


def test_deploy_is_said_of_nothing_else(judged):
    verdict, _ = judged
    text = " ".join(part["text"] for part in verdict["page"]).lower()
    titles = [part["title"] for part in verdict["page"]]
    assert ("deploy" in text) is (verdict["verdict"] == "deploy")
    assert ("What it would take" in titles) is (verdict["verdict"] != "deploy")
    assert verdict["summary"].lower().startswith(verdict["verdict"])
    assert not re.findall(r"\b(nan|inf)\b", text)


def test_every_gate_that_failed_is_named_and_no_other(judged):
    verdict, _ = judged
    text = next(part["text"] for part in verdict["page"] if part["title"] == "The verdict")
    named = text.partition("Not passed: ")[2].rstrip(".").lower()
    labels = {gate["label"].lower() for gate in verdict["gates"] if gate["decides"]}
    failed = {
        gate["label"].lower() for gate in verdict["gates"] if gate["decides"] and not gate["passed"]
    }
    assert {label for label in labels if label in named} == failed


def test_an_interval_that_holds_zero_is_said_to(judged):
    verdict, _ = judged
    ic = next(gate for gate in verdict["gates"] if gate["name"] == "rank_ic")
    text = next(part["text"] for part in verdict["page"] if part["title"] == "What was found")
    low, high = ic["interval"]
    assert ("may be no skill at all" in text) is (low <= 0 <= high)


def test_a_number_that_was_not_measured_would_be_noticed():
    assert not is_found("0.540", 1, [0.5391])
    assert not is_found("63", 100, [0.641])
    assert is_found("−0.44", 1, [-0.437])
    assert told("on 2015-01-01 it was −0.541 (95 % interval 0.510 to 0.569) in 100 % of 1,234") == [
        ("−0.541", 1),
        ("0.510", 1),
        ("0.569", 1),
        ("100", 100),
        ("1,234", 1),
    ]

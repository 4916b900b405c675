"""The shipped policies, put to the same evidence: each asks what it says. A wrong one is refused by
the name of its field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.runner import parse_params
from breadthflow_engine.steps.judge import STEP
from breadthflow_engine.steps.judge.policy import RANGES, Policy

SHIPPED = Path(__file__).resolve().parents[3] / "resources" / "policies"
NAMES = ("research", "paper", "live")
TARGET = {"kind": "forward_return", "horizon": 5}
ROOMY = {
    "capacity": 5e8,
    "own_capital": 1e6,
    "capital": [1e4, 1e9],
    "sharpe_net": [3.0, 1.0],
    "capacity_reason": None,
}


def shipped(name: str) -> dict[str, Any]:
    """As the workbench hands it to the engine: without the reasons, which are for people."""
    document = yaml.safe_load((SHIPPED / f"{name}.policy.yaml").read_text("utf-8"))
    asked = {
        gate: {"threshold": found["threshold"], "decides": found["decides"]}
        for gate, found in document["gates"].items()
    }
    return {"policy": name, **asked}


def failed(verdict: dict[str, Any]) -> set[str]:
    return {gate["name"] for gate in verdict["gates"] if gate["decides"] and not gate["passed"]}


def test_research_is_what_holds_where_nothing_is_said():
    assert Policy.model_validate(shipped("research")) == Policy()


@pytest.mark.parametrize("name", NAMES)
def test_every_gate_is_asked_as_the_policy_says(case, name):
    policy = shipped(name)
    _, verdict = case(gates=policy, capacity=ROOMY).judge()
    assert verdict["policy"] == name
    for gate in verdict["gates"]:
        if gate["name"] in policy:
            asked = policy[gate["name"]]
            assert gate["threshold"] == pytest.approx(asked["threshold"]), gate["name"]
            assert gate["decides"] is asked["decides"], gate["name"]
    assert set(policy) - {"policy"} <= {gate["name"] for gate in verdict["gates"]}
    assert (verdict["verdict"] == "deploy") is not failed(verdict)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        # Strong, but judged for less than a year: enough to go on, not to trade it.
        ({}, ("deploy", "watch", "watch")),
        # Its capacity is below its capital: research tells it, paper and live decide on it.
        ({"capacity": {**ROOMY, "capacity": 4e5}}, ("deploy", "watch", "watch")),
        ({"ic": 0.003, "sharpe": -0.4}, ("reject", "reject", "reject")),
        ({"sharpe": 0.3}, ("watch", "watch", "watch")),
        ({"leaky": True}, ("reject", "reject", "reject")),
    ],
    ids=["short", "too small", "no edge", "weak", "leak"],
)
def test_no_policy_is_more_lenient_than_the_one_before(case, tmp_path, found, words):
    said = []
    for name in NAMES:
        made = case(**{"capacity": ROOMY, **found}, gates=shipped(name))
        made.root = tmp_path / name
        said.append(made.judge()[1])
    assert tuple(verdict["verdict"] for verdict in said) == words
    research, paper, live = (failed(verdict) for verdict in said)
    assert research <= paper <= live


def test_what_only_the_stricter_ones_ask_is_named_in_the_verdict(case):
    small = {**ROOMY, "capacity": 4e5}
    _, verdict = case(capacity=small, gates=shipped("paper")).judge()
    assert "capacity" in failed(verdict)
    assert "capacity over capital" in verdict["summary"]


@pytest.mark.parametrize("gate", sorted(RANGES))
def test_a_threshold_out_of_range_is_refused_by_its_name(gate):
    least, most = RANGES[gate]
    for threshold in (least - 0.001, most + 0.001, float("nan"), float("inf")):
        gates = {gate: {"threshold": threshold, "decides": True}}
        with pytest.raises(StepError) as refused:
            parse_params(STEP, {"target": TARGET, "gates": gates})
        assert refused.value.code == "step.bad_params"
        assert [field.split(".")[:2] for field in refused.value.where["fields"]] == [
            ["gates", gate]
        ]
    for threshold in (least, most):
        gates = {gate: {"threshold": threshold, "decides": True}}
        parse_params(STEP, {"target": TARGET, "gates": gates})


@pytest.mark.parametrize(
    "gates",
    [{"luck": {"threshold": 1}}, {"lift": {"threshold": "0.1"}}, {"lift": {"decides": True}}],
    ids=["no such gate", "text", "no threshold"],
)
def test_a_policy_that_says_nonsense_is_refused(gates):
    with pytest.raises(StepError, match="gates"):
        parse_params(STEP, {"target": TARGET, "gates": gates})

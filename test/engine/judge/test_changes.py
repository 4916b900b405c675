"""What is said to change the result of a gate does change it, and no more than is said."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from evidence_of import evidence_of, scattered, traded

from breadthflow_engine.protocol.messages import MadeBy, Manifest
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.statistics import Overfitting, deflated_sharpe, expected_maximum_sharpe
from breadthflow_engine.steps.judge.changes import (
    BARS_PER_YEAR,
    bars_for_deflated_sharpe,
    bars_for_lower_bound,
    interval_change,
    lasting,
    listed,
)
from breadthflow_engine.steps.judge.luck_gates import overfitting_gate, trials_gate
from breadthflow_engine.steps.judge.policy import Limit, Policy
from breadthflow_engine.steps.judge.prediction_gates import folds_ahead_gate
from breadthflow_engine.steps.judge.robustness_gates import (
    capacity_gate,
    ic_after_costs_gate,
    stressed_sharpe_gate,
    track_record_gate,
)
from breadthflow_engine.steps.judge.trading_gates import net_sharpe_gate

POLICY = Policy()


def number(text: str | None, pattern: str) -> float:
    found = re.search(pattern, str(text))
    assert found, text
    return float(found.group(1).replace(",", ""))


def curve_of(folder: Path, curve: dict[str, Any] | None) -> Artifact:
    made_by = MadeBy(step="x", version="1", key="", params={}, inputs={}, lock="", engine="")
    (folder / "analytics.json").write_text(json.dumps({"capacity": curve}))
    return Artifact(folder, Manifest(kind="x", files=[], made_by=made_by, summary={}, seconds=0))


def test_an_interval_narrows_with_the_root_of_the_length():
    needed = bars_for_lower_bound(0.02, (-0.02, 0.06), 100, 0.0)
    assert needed == pytest.approx(400)
    assert 0.02 - 0.04 * (100 / needed) ** 0.5 == pytest.approx(0)
    assert bars_for_lower_bound(0.02, (-0.02, 0.06), 100, 0.02) is None


def test_what_it_would_take_of_an_interval_is_said_either_way():
    assert interval_change(0.05, (0.03, 0.07), 100, 0.0, True).endswith("mean 0.030 lower.")
    assert "0.010 is not above 0.02" in interval_change(0.01, (-0.03, 0.05), 100, 0.02, False)
    assert "400 bars of history" in interval_change(0.02, (-0.02, 0.06), 100, 0.0, False)
    assert "too few for an interval" in interval_change(0.02, None, 1, 0.0, False)


def test_a_history_that_nobody_has_is_no_advice():
    assert lasting(BARS_PER_YEAR) == "about 252 bars of history (1.0 years)"
    assert lasting(51 * BARS_PER_YEAR) == "more than 50 years of history"


def test_long_lists_are_cut_and_say_so():
    assert listed(["a", "b"], 2) == "a, b"
    assert listed(["a", "b", "c"], 2) == "a, b and 1 more"


@pytest.mark.parametrize("trials", [2, 24, 1000])
def test_after_the_bars_that_it_asks_for_a_sharpe_ratio_stands_out(trials):
    """The formula is of normal returns, whose error it takes as measured."""
    sharpe, confidence = 0.05, 0.95
    spread = (1 + sharpe**2 / 2) ** 0.5
    luck = expected_maximum_sharpe(trials, 1.0)
    needed = bars_for_deflated_sharpe(sharpe, spread, luck, confidence)
    assert needed is not None
    for bars, passes in ((needed * 1.01 + 1, True), (needed * 0.99, False)):
        value = deflated_sharpe(sharpe, bars, 0.0, 3.0, trials, 1 / bars)
        assert (value >= confidence) is passes
    assert bars_for_deflated_sharpe(0.0, spread, luck, confidence) is None


def test_a_lift_stands_out_of_as_many_trials_as_is_said_and_of_no_more():
    found = evidence_of(scattered(500, 0.011, 0.05), np.zeros(9), trials=1)
    told = trials_gate(found, POLICY, 5)
    assert told.passed
    room = int(number(told.would_change, r"stands out of ([\d,]+) trials"))
    assert 1 < room < 10_000
    assert trials_gate(replace(found, trials=room), POLICY, 5).passed
    beyond = trials_gate(replace(found, trials=room + 1), POLICY, 5)
    assert not beyond.passed
    assert int(number(beyond.would_change, r"no more than ([\d,]+) trials?")) == room


def test_the_lift_that_would_stand_out_does():
    found = evidence_of(scattered(500, 0.004, 0.05), np.zeros(9), trials=300)
    told = trials_gate(found, POLICY, 5)
    needed = number(told.would_change, r"a lift of ([\d.]+) would stand out")
    assert not told.passed
    for lift, passes in ((needed + 0.001, True), (needed - 0.001, False)):
        moved = replace(found, model_ic=found.model_ic - 0.004 + lift)
        assert trials_gate(moved, POLICY, 5).passed is passes


@pytest.mark.parametrize("ahead", range(7))
def test_folds_are_counted_to_where_they_turn(ahead):
    fold = np.arange(60) // 10
    ic = np.where(fold < ahead, 0.1, -0.1)
    told = folds_ahead_gate(evidence_of(ic, np.zeros(9)), POLICY)
    assert told.passed is (ahead >= 5)
    if told.passed:
        assert number(told.would_change, r"fail if (\d) of") == ahead - 4
    else:
        assert number(told.would_change, r"^(\d) more") == 5 - ahead
        assert "behind are " + ", ".join(f"fold {fold + 1}" for fold in range(ahead, 6)) in str(
            told.would_change
        )


def test_costs_are_told_to_where_the_sharpe_ratio_turns():
    gross = scattered(750, 0.0012, 0.01)
    told = net_sharpe_gate(traded(gross, 0.003), POLICY, 5, seed=7)
    limit = number(told.would_change, r"trading costs ([\d.]+) basis points") / 1e4
    for cost, passes in ((limit - 1e-5, True), (limit + 1e-5, False)):
        assert net_sharpe_gate(traded(gross, cost), POLICY, 5, seed=7).passed is passes
    free = traded(scattered(750, 0.0001, 0.01), 0.001)
    assert "even if trading were free" in str(net_sharpe_gate(free, POLICY, 5, 7).would_change)


def test_the_stress_is_twice_the_cost_and_is_told_to_where_it_turns():
    gross = scattered(750, 0.0006, 0.01)
    found = traded(gross, 0.0006)
    told = stressed_sharpe_gate(POLICY, found, of_volatility=False)
    again = net_sharpe_gate(traded(gross, 0.0012), POLICY, 5, seed=7)
    assert told.value == pytest.approx(again.value)
    limit = number(told.would_change, r"costs up to ([\d.]+) basis points") / 1e4
    for cost, passes in ((limit - 1e-5, True), (limit + 1e-5, False)):
        gate = stressed_sharpe_gate(POLICY, traded(gross, cost), of_volatility=False)
        assert gate.passed is passes


def test_a_book_that_stood_still_has_no_stress_and_says_why():
    told = stressed_sharpe_gate(POLICY, evidence_of(np.ones(9), np.zeros(9)), of_volatility=False)
    assert (told.value, told.passed, told.would_change) == (None, False, None)
    assert "nothing was traded" in told.meaning


@pytest.mark.parametrize("threshold", [0.5, 2.0])
def test_a_track_record_is_told_to_the_day(threshold):
    policy = replace_limit("track_record", threshold)
    days = 300
    told = track_record_gate(policy, evidence_of(np.ones(days), np.zeros(9)))
    moved = number(told.would_change, r"([\d,]+) (?:more )?days")
    turned = days + (-1 if told.passed else 1) * int(moved)
    for more in (-1, 1):
        gate = track_record_gate(policy, evidence_of(np.ones(turned + more), np.zeros(9)))
        assert gate.passed is (more > 0)


def replace_limit(name: str, threshold: float) -> Policy:
    return POLICY.model_copy(update={name: Limit(threshold=threshold)})


def test_what_costs_leave_of_the_ic_is_told_in_its_own_units():
    decay = {"adjusted_ic": -0.004, "cost_ic": 0.012, "reason": None}
    told = ic_after_costs_gate(POLICY, decay, of_volatility=False)
    assert not told.passed
    assert "0.0120 before costs is where it passes; here it is 0.0080" in str(told.would_change)
    paid = ic_after_costs_gate(POLICY, {**decay, "adjusted_ic": 0.004}, of_volatility=False)
    assert paid.passed
    absent = {"adjusted_ic": None, "cost_ic": None, "reason": "costs are not known"}
    gate = ic_after_costs_gate(POLICY, absent, of_volatility=False)
    assert (gate.value, gate.passed, gate.would_change) == (None, False, None)
    assert "costs are not known" in gate.meaning


def test_a_capacity_below_the_capital_fails_and_says_up_to_where_it_would_pass(tmp_path):
    curve = {
        "capacity": 4e5,
        "own_capital": 1e6,
        "capital": [1e4, 1e8],
        "sharpe_net": [1.0, 0.0],
        "capacity_reason": None,
    }
    told = capacity_gate(POLICY, curve_of(tmp_path, curve), of_volatility=False)
    assert (told.value, told.passed) == (0.4, False)
    most = number(told.would_change, r"up to a capital of ([\d,]+);")
    for capital, passes in ((most - 1, True), (most + 1, False)):
        other = curve_of(tmp_path, {**curve, "own_capital": capital})
        assert capacity_gate(POLICY, other, of_volatility=False).passed is passes


def test_more_than_the_largest_capital_tried_is_that_much_at_least(tmp_path):
    curve = {
        "capacity": None,
        "own_capital": 1e6,
        "capital": [1e4, 1e8],
        "sharpe_net": [1.0, 0.9],
        "capacity_reason": "above",
    }
    told = capacity_gate(POLICY, curve_of(tmp_path, curve), of_volatility=False)
    assert told.value == 100
    assert "100,000,000, the largest one tried" in str(told.would_change)
    nothing = {**curve, "sharpe_net": [-1.0, -2.0], "capacity_reason": "it earns nothing"}
    gate = capacity_gate(POLICY, curve_of(tmp_path, nothing), of_volatility=False)
    assert (gate.value, gate.passed) == (None, False)
    assert "it earns nothing" in gate.meaning
    assert capacity_gate(POLICY, curve_of(tmp_path, None), of_volatility=False).value is None


def test_gates_on_trading_never_decide_on_a_volatility(tmp_path):
    strict = Policy.model_validate(
        {
            name: {"threshold": 0, "decides": True}
            for name in ("stressed_sharpe", "capacity", "ic_after_costs")
        }
    )
    decay = {"adjusted_ic": 0.1, "cost_ic": 0.0, "reason": None}
    book = traded(scattered(300, 0.001, 0.01), 0.001)
    for of_volatility in (True, False):
        gates = [
            stressed_sharpe_gate(strict, book, of_volatility),
            capacity_gate(strict, curve_of(tmp_path, None), of_volatility),
            ic_after_costs_gate(strict, decay, of_volatility),
        ]
        assert all(gate.decides is not of_volatility for gate in gates)


@pytest.mark.parametrize(
    ("value", "loss", "words"),
    [
        (0.3, 0.2, "fail if the pick fell behind in 20.0 % more of the halves"),
        (
            0.8,
            0.02,
            "fail if the pick fell to the baseline in more than 5 % of the halves; it does",
        ),
        (0.8, 0.4, "ahead in 30.0 % more of the halves, or above the baseline in 35.0 % more"),
    ],
)
def test_overfitting_is_told_to_where_it_turns(value, loss, words):
    found = Overfitting(
        probability=value,
        loss=loss,
        logits=np.zeros(12_870),
        in_sample=np.zeros(1),
        out_of_sample=np.zeros(1),
        trials=9,
        blocks=16,
    )
    told = overfitting_gate(found, POLICY)
    assert told.passed is (value <= 0.5 or loss <= 0.05)
    assert words in str(told.would_change)

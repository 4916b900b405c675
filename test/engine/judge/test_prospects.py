"""What it would take: whoever does what is said gets what is promised; false hope is not given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from evidence_of import evidence_of, scattered, traded

from breadthflow_engine.steps.judge.evidence import Evidence
from breadthflow_engine.steps.judge.gates import measured_gates
from breadthflow_engine.steps.judge.policy import Limit, Policy
from breadthflow_engine.steps.judge.prospects import Prospect, prospects
from breadthflow_engine.steps.judge.robustness_gates import track_record_gate
from breadthflow_engine.validation import Target

RETURN = Target(kind="forward_return", horizon=1)
VOLATILITY = Target(kind="log_realised_volatility", horizon=1)
STRICT = Policy(track_record=Limit(threshold=4))
NO_DECAY = {"horizon": [], "ic": [], "lower": [], "upper": [], "adjusted_p_value": []}


def outlook(
    evidence: Evidence,
    policy: Policy = STRICT,
    target: Target = RETURN,
    decay: Mapping[str, Any] = NO_DECAY,
) -> dict[str, Prospect]:
    gates = measured_gates(target, policy, evidence, seed=7)
    gates.append(track_record_gate(policy, evidence))
    return {one.lever: one for one in prospects(gates, evidence, policy, target, decay)}


def gate(evidence: Evidence, name: str, policy: Policy = STRICT) -> bool:
    gates = measured_gates(RETURN, policy, evidence, seed=7)
    gates.append(track_record_gate(policy, evidence))
    return next(gate.passed for gate in gates if gate.name == name)


def weak(days: int, trials: int = 1) -> Evidence:
    """An IC of 0.006 with a scatter of 0.05 takes some 270 days to be told from 0."""
    returns = scattered(days, 0.002, 0.01)
    return evidence_of(scattered(days, 0.006, 0.05), returns, trials=trials)


@pytest.mark.parametrize("trials", [1, 500])
def test_the_history_that_it_would_take_does(trials):
    policy = Policy(lift=Limit(threshold=0))
    told = outlook(weak(60, trials), policy)["history"]
    assert told.helps
    assert told.needed is not None
    assert f"about {told.needed:,.0f} bars" in told.text
    assert "against 60 days now" in told.text
    needed = int(told.needed)
    # The error of a mean is itself measured, and so is off by some way.
    asked = ("rank_ic", "lift", "trials")
    for days, passes in ((1.3 * needed, True), (0.4 * needed, False)):
        later = weak(round(days), trials)
        assert all(gate(later, name, policy) for name in asked) is passes


def test_no_history_helps_a_mean_that_points_the_wrong_way():
    wrong = evidence_of(scattered(300, -0.01, 0.05), scattered(300, 0.002, 0.01))
    told = outlook(wrong)["history"]
    assert (told.helps, told.needed) == (False, None)
    assert "−0.010 is not above 0" in told.text


def test_nor_a_lift_that_is_too_small_however_long_it_lasts():
    small = outlook(evidence_of(scattered(300, 0.002, 0.05), scattered(300, 0.002, 0.01)))
    assert "a lift of 0.002 stays below 0.005 however long it lasts" in small["history"].text
    assert not small["history"].helps


def test_nor_a_book_that_loses():
    losing = evidence_of(scattered(2000, 0.05, 0.05), scattered(2000, -0.001, 0.01))
    assert "Sharpe ratio is not above zero" in outlook(losing)["history"].text


def test_a_history_longer_than_anybody_has_is_no_help():
    faint = evidence_of(scattered(300, 0.05, 0.05), scattered(300, 0.00001, 0.01), trials=24)
    told = outlook(faint)["history"]
    assert not told.helps
    assert "more than 50 years" in told.text


def test_a_gate_on_the_length_alone_asks_for_its_own_length():
    sure = evidence_of(scattered(300, 0.1, 0.05), scattered(300, 0.01, 0.01))
    told = outlook(sure)["history"]
    assert told.needed == 4 * 252
    enough = evidence_of(scattered(4 * 252, 0.1, 0.05), scattered(300, 0.01, 0.01))
    assert gate(enough, "track_record")
    assert "no gate that failed asks for more" in outlook(enough)["history"].text


def test_the_costs_that_it_would_take_do():
    gross = scattered(1500, 0.001, 0.01)
    told = outlook(traded(gross, 0.003))["costs"]
    assert told.helps
    assert told.needed is not None
    for cost, passes in ((told.needed - 0.1, True), (told.needed + 0.1, False)):
        assert gate(traded(gross, cost / 1e4), "net_sharpe") is passes
    free = re.search(
        r"breaks even at ([\d.]+) basis points of what it trades and pays ([\d.]+)", told.text
    )
    assert free
    assert float(free.group(2)) == 30
    assert traded(gross, float(free.group(1)) / 1e4).returns.mean() == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize(
    ("book", "words"),
    [
        (traded(scattered(1500, -0.001, 0.01), 0.001), "earns nothing even before them"),
        (
            traded(scattered(1500, 0.0002, 0.01), 0.001),
            "free of costs its Sharpe ratio would still",
        ),
        (traded(scattered(1500, 0.01, 0.01), 0.001), "no gate that failed hangs on them"),
        (evidence_of(scattered(300, 0.0, 0.05), np.zeros(300)), "never traded"),
    ],
    ids=["loses anyway", "not enough", "no matter", "never traded"],
)
def test_costs_that_would_not_help_are_said_to_be_none(book, words):
    told = outlook(book)["costs"]
    assert not told.helps
    assert words in told.text


def line(*lines: tuple[int, float, float, float, float]) -> dict[str, list[float]]:
    names = ("horizon", "ic", "lower", "upper", "adjusted_p_value")
    return {name: [one[place] for one in lines] for place, name in enumerate(names)}


OWN = (1, 0.006, -0.002, 0.014, 0.1)


@pytest.mark.parametrize(
    ("lines", "helps", "words"),
    [
        ((OWN,), False, "too short to measure one"),
        ((OWN, (5, 0.03, 0.02, 0.04, 0.001)), True, "it is one of 2 horizons looked at"),
        ((OWN, (5, 0.005, 0.001, 0.009, 0.02)), False, "fades: the rank IC is 0.005 at 5 bars"),
        ((OWN, (5, 0.03, -0.01, 0.07, 0.4)), False, "the best of 2 is 0.030 at 5 bars"),
        # Its own interval is above 0; of so many that were looked at, one is.
        ((OWN, (5, 0.03, 0.001, 0.06, 0.09)), False, "would not show by luck"),
    ],
    ids=["short", "better", "fades", "dead", "lucky"],
)
def test_a_longer_horizon_helps_only_where_the_predictions_say_so(lines, helps, words):
    told = outlook(weak(300), decay=line(*lines))["horizon"]
    assert told.helps is helps
    assert words in told.text
    assert told.needed == (5 if helps else None)


def test_a_volatility_is_not_told_to_trade_cheaper_or_longer():
    told = outlook(weak(300), target=VOLATILITY, decay=line(OWN, (5, 0.3, 0.2, 0.4, 0.001)))
    assert "forecast of risk" in told["costs"].text
    assert "a new idea to test" in told["horizon"].text
    assert not any(told[lever].helps for lever in ("costs", "horizon"))


@pytest.mark.parametrize(
    "thin",
    [
        evidence_of(np.array([0.1, 0.2]), np.array([0.01, -0.01])),
        evidence_of(np.zeros(300), np.full(300, 0.001)),
        evidence_of(np.array([0.1]), np.array([])),
    ],
    ids=["two days", "no variance", "one day"],
)
def test_thin_evidence_is_promised_nothing(thin):
    told = outlook(thin, Policy())
    assert len(told) == 3
    assert not any(one.helps for one in told.values())
    assert not any("nan" in one.text or "inf" in one.text for one in told.values())

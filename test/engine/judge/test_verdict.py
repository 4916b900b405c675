"""The verdict on cases whose answer is known beforehand."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from breadthflow_engine.steps.judge.leak_tests import choose_cuts
from breadthflow_engine.written import decimal

VOLATILITY = "log_realised_volatility"
DECIDING = {
    "forward_return": {
        "lift",
        "folds_ahead",
        "rank_ic",
        "trials",
        "overfitting",
        "net_sharpe",
        "deflated_sharpe",
        "leaks",
        "implausible_accuracy",
    },
    VOLATILITY: {
        "lift",
        "folds_ahead",
        "rank_ic",
        "trials",
        "overfitting",
        "leaks",
        "implausible_accuracy",
    },
}


def gates_of(verdict):
    return {gate["name"]: gate for gate in verdict["gates"]}


@pytest.mark.parametrize(
    ("kind", "found"),
    [("forward_return", {}), (VOLATILITY, {"ic": 0.52, "baselines": {"har": 0.5}, "sharpe": 1})],
)
def test_a_good_idea_is_to_be_deployed(case, kind, found):
    outcome, verdict = case(kind=kind, **found).judge()
    gates = gates_of(verdict)
    assert verdict["verdict"] == outcome.summary["verdict"] == "deploy"
    assert {name for name, gate in gates.items() if gate["decides"]} == DECIDING[kind]
    assert all(gate["passed"] for gate in gates.values() if gate["decides"])
    assert verdict["summary"].startswith("Deploy: mean daily rank IC")
    assert "6 of 6 folds" in verdict["summary"]
    assert outcome.kind == "verdict"
    assert outcome.summary["gates"] == verdict["gates"]


def test_an_idea_without_an_edge_is_rejected_and_told_why(case):
    _, verdict = case(ic=0.003, sharpe=-0.4).judge()
    gate = gates_of(verdict)["rank_ic"]
    low, high = gate["interval"]
    assert verdict["verdict"] == "reject"
    assert not gate["passed"]
    assert low < 0 < high
    assert verdict["summary"] == (
        "Reject, no edge: mean daily rank IC out of fold is 0.003 and its 95 % interval "
        f"{decimal(low, 3)} to {decimal(high, 3)} includes 0. Net of costs the book's yearly "
        "Sharpe ratio is −0.40."
    )


def test_an_idea_that_points_the_wrong_way_is_rejected(case):
    _, verdict = case(ic=-0.05).judge()
    assert verdict["verdict"] == "reject"
    assert "lies below 0" in verdict["summary"]


def test_the_best_baseline_is_the_one_to_beat(case):
    _, verdict = case(ic=0.5, kind=VOLATILITY, baselines={"mean": 0.2, "har": 0.51}).judge()
    gates = gates_of(verdict)
    assert verdict["verdict"] == "reject"
    assert verdict["baseline"] == "har"
    assert gates["lift"]["value"] == pytest.approx(-0.01)
    assert gates["folds_ahead"]["value"] == 0
    assert "no better than a baseline" in verdict["summary"]


def test_a_lift_that_is_real_but_small_is_to_be_watched(case):
    _, verdict = case(ic=0.503, kind=VOLATILITY, baselines={"har": 0.5}).judge()
    assert verdict["verdict"] == "watch"
    assert "Not passed: lift over the best baseline" in verdict["summary"]


def test_an_edge_that_costs_eat_up_is_rejected(case):
    _, verdict = case(sharpe=-0.2).judge()
    assert verdict["verdict"] == "reject"
    assert "nothing is left after costs" in verdict["summary"]


def test_a_weak_profit_is_to_be_watched(case):
    _, verdict = case(sharpe=0.3).judge()
    assert verdict["verdict"] == "watch"
    assert "net Sharpe ratio, deflated Sharpe ratio" in verdict["summary"]


def test_a_volatility_idea_does_not_have_to_make_money(case):
    _, verdict = case(kind=VOLATILITY, ic=0.52, baselines={"har": 0.5}, sharpe=-1).judge()
    assert verdict["verdict"] == "deploy"
    assert not gates_of(verdict)["sharpe_lead"]["passed"]
    assert "below that of equal weights" in verdict["summary"]
    assert "does not decide" in verdict["summary"]


def test_more_trials_raise_the_bar(case):
    few, _ = case(sharpe=2.0, trials=1, trials_on_data=0).judge()
    assert few.summary["deflated_sharpe"] == few.summary["probabilistic_sharpe"]


@pytest.mark.parametrize(("on_data", "verdict"), [(24, "deploy"), (100_000, "watch")])
def test_the_ledger_can_turn_a_verdict(case, on_data, verdict):
    outcome, _ = case(sharpe=3.0, trials_on_data=on_data).judge()
    assert outcome.summary["verdict"] == verdict


def test_the_runs_own_trials_count_even_before_they_are_in_the_ledger(case):
    outcome, _ = case(trials=24, trials_on_data=3).judge()
    assert outcome.summary["trials_on_data"] == 24


@pytest.mark.parametrize("count", [2, 3, 4, 10, 400, 1259])
@pytest.mark.parametrize("lookback", [1, 252])
def test_cuts_leave_a_future_and_filled_look_backs(count, lookback):
    days = pl.Series([dt.date(2018, 1, 1) + dt.timedelta(days=day) for day in range(count)])
    cuts = choose_cuts(days, lookback, seed=7)
    assert cuts == sorted(set(cuts))
    assert cuts[-1] < days[-1]
    assert cuts[0] >= days[min(lookback, (count - 1) // 2)]
    assert len(cuts) == 3 or count < 20


def test_a_feature_that_sees_tomorrow_is_found_and_rejected(case):
    _, verdict = case(leaky=True).judge()
    gate = gates_of(verdict)["leaks"]
    tests = {test["detector"]: test for test in verdict["leaks"]}
    found = tests["cut_features"]
    assert verdict["verdict"] == "reject"
    assert gate["value"] == 1
    assert not found["passed"]
    assert found["evidence"] == 1
    assert all(where.startswith("range_1 on ") for where in found["where"])
    assert found["tested"].startswith("2 selected features, computed again from data cut at ")
    assert "range_1" in verdict["summary"]


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("forward_return", {"ic": 0.25}),
        ("forward_return", {"right": 0.9}),
        (VOLATILITY, {"ic": 0.95, "baselines": {"har": 0.5}}),
    ],
)
def test_what_is_too_good_to_be_true_raises_the_alarm(case, kind, found):
    _, verdict = case(kind=kind, **found).judge()
    gate = gates_of(verdict)["implausible_accuracy"]
    assert verdict["verdict"] == "reject"
    assert gate["value"] > gate["threshold"]
    assert "too good to be true" in verdict["summary"]


def test_a_book_that_never_traded_has_no_sharpe_ratio(case):
    outcome, verdict = case(sharpe=0).judge()
    gates = gates_of(verdict)
    assert verdict["verdict"] == "reject"
    assert outcome.summary["deflated_sharpe"] is None
    for name in ("net_sharpe", "probabilistic_sharpe", "deflated_sharpe"):
        assert gates[name]["value"] is None
        assert not gates[name]["passed"]
        assert "absent" in gates[name]["meaning"]


def test_without_baselines_the_lift_is_over_zero(case):
    _, verdict = case(baselines={}).judge()
    assert verdict["baseline"] is None
    assert gates_of(verdict)["lift"]["value"] == pytest.approx(0.05)


def test_survivorship_is_said(case):
    assert "survivorship" in case(survivorship=True).judge()[1]["caveats"][0]


def test_the_same_evidence_gives_the_same_bytes(case, tmp_path):
    first = case()
    first.root = tmp_path / "first"
    second = case()
    second.root = tmp_path / "second"
    first.judge()
    second.judge()
    name = "output/verdict.json"
    assert (first.root / name).read_bytes() == (second.root / name).read_bytes()

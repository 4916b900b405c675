"""Gates on luck, and the file that its charts are drawn from."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import spearmanr

from breadthflow_engine.steps.judge import luck
from breadthflow_engine.steps.judge.evidence import Evidence
from breadthflow_engine.steps.judge.panel import PredictedPanel

VOLATILITY = "log_realised_volatility"


def judged(case, **found: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    made = case(**found)
    _, verdict = made.judge()
    path: Path = made.root / "output" / "statistics.json"
    return verdict, json.loads(path.read_text("utf-8"))


def gate(verdict: dict[str, Any], name: str) -> dict[str, Any]:
    return next(gate for gate in verdict["gates"] if gate["name"] == name)


@pytest.mark.parametrize(("on_data", "passed"), [(1, True), (10**9, False)])
def test_the_more_trials_the_surer_the_lift_must_be(case, on_data, passed):
    found = {"kind": VOLATILITY, "ic": 0.5017, "baselines": {"har": 0.5}, "trials": 1}
    verdict, _ = judged(case, **found, trials_on_data=on_data)
    trials = gate(verdict, "trials")
    assert trials["passed"] is passed
    assert f"{on_data:,} worthless trial" in trials["meaning"]


def test_a_search_whose_picks_last_is_no_overfitting(case):
    verdict, statistics = judged(case)
    assert gate(verdict, "overfitting")["value"] == 0
    found = statistics["overfitting"]
    assert (found["probability"], found["loss"]) == (0, 0)
    assert found["combinations"] == sum(found["counts"]) == 12_870
    assert len(found["edges"]) == len(found["counts"]) + 1


def test_trials_that_are_merely_alike_do_not_count_as_overfitting(case):
    """Equal trials come out in any order, so half of the picks end below the median."""
    verdict, _ = judged(case, trial_ics=(0.05,) * 9)
    found = gate(verdict, "overfitting")
    assert found["value"] > 0.2
    assert found["passed"]


def test_a_search_that_picks_luck_fails_the_gate(case):
    verdict, _ = judged(case, trial_ics=(0.01,) * 9)
    found = gate(verdict, "overfitting")
    assert not found["passed"]
    assert verdict["verdict"] == "watch"
    assert "probability of backtest overfitting" in verdict["summary"]
    assert "fell to the baseline's or below" in found["meaning"]


@pytest.mark.parametrize("trial_ics", [(), (0.05,)])
def test_without_trials_to_compare_the_gate_decides_nothing(case, trial_ics):
    verdict, statistics = judged(case, trial_ics=trial_ics)
    found = gate(verdict, "overfitting")
    assert found["value"] is None
    assert not found["decides"]
    assert "comparing takes 2" in found["meaning"]
    assert statistics["overfitting"]["reason"]
    assert verdict["verdict"] == "deploy"


def test_the_statistics_tell_what_the_gates_tell(case):
    verdict, statistics = judged(case, trials_on_data=300)
    assert set(statistics) == {
        "headline",
        "permutation",
        "overfitting",
        "snooping",
        "trials",
        "ic_decay",
    }
    trials = statistics["trials"]
    at = trials["count"].index(300)
    assert trials["here"] == 300
    assert trials["deflated"][at] == pytest.approx(verdict["deflated_sharpe"], abs=1e-5)
    assert trials["deflated"][0] == pytest.approx(verdict["probabilistic_sharpe"], abs=1e-5)
    assert trials["deflated"] == sorted(trials["deflated"], reverse=True)
    sharpe = statistics["headline"]["sharpe"]
    assert sharpe["value"] == pytest.approx(gate(verdict, "net_sharpe")["value"])
    assert sharpe["lower"] < sharpe["value"] < sharpe["upper"]
    certain = statistics["headline"]["icir"]
    assert certain["lower"] < certain["value"] < certain["upper"]
    same = gate(verdict, "net_sharpe")["interval"]
    assert [sharpe["lower"], sharpe["upper"]] == pytest.approx(same), "one number has one interval"
    assert trials["minimum_track_record"] < trials["observations"]


def two_sectors(seed: int) -> tuple[PredictedPanel, Evidence]:
    """A worthless bet on one of two sectors, whose symbols move together."""
    rng = np.random.default_rng(seed)
    days, sector = 250, np.repeat([-1.0, 1.0], 15)
    label = rng.standard_normal((days, 1)) * sector + rng.standard_normal((days, 30))
    prediction = rng.choice([-1, 1]) * sector + 0.5 * rng.standard_normal((days, 30))
    pairs = zip(prediction, label, strict=True)
    ic = np.array([spearmanr(ours, theirs).statistic for ours, theirs in pairs])
    nothing = np.zeros(days)
    evidence = Evidence(
        days=pl.DataFrame(),
        fold=np.zeros(days, dtype=np.int64),
        model_ic=ic,
        baseline=None,
        baseline_ic=nothing,
        trial_ic=np.empty((days, 0)),
        accuracy=None,
        returns=nothing,
        benchmark_returns=nothing,
        cost_rate=None,
        turnover=0.0,
        trading_cost=nothing,
        trials=1,
    )
    return PredictedPanel(pl.DataFrame(), prediction, label), evidence


def test_the_null_is_stretched_where_symbols_move_together():
    """Shuffled labels know nothing of sectors, and call every fourth worthless bet good."""
    found = [luck.permutation(*two_sectors(seed), horizon=1, seed=1) for seed in range(100)]
    plain = np.mean([one["p_value"] <= 0.05 for one in found])
    adjusted = np.mean([one["adjusted_p_value"] <= 0.05 for one in found])
    assert plain > 0.15
    assert adjusted <= 0.1
    assert all(one["width"] > 2 for one in found)
    assert all(sum(one["counts"]) == one["replicates"] == luck.SHUFFLES for one in found)


def test_the_decay_has_a_line_for_each_horizon_and_the_cost_of_trading(case):
    _, statistics = judged(case)
    decay = statistics["ic_decay"]
    assert decay["horizon"] == [1, 5, 21, 63]
    assert decay["target"] == 5
    assert all(value is None or math.isfinite(value) for value in decay["ic"])
    assert decay["adjusted_ic"] < decay["ic"][1]
    assert decay["cost_ic"] > 0


def test_a_book_that_never_traded_has_reasons_instead_of_numbers(case):
    _, statistics = judged(case, sharpe=0)
    assert statistics["headline"]["sharpe"]["value"] is None
    assert "nothing was traded" in statistics["headline"]["sharpe"]["reason"]
    assert statistics["trials"]["bar"] is None
    assert statistics["trials"]["reason"]
    assert statistics["ic_decay"]["adjusted_ic"] is None


def test_a_volatility_has_no_ic_after_costs(case):
    _, statistics = judged(case, kind=VOLATILITY, ic=0.52, baselines={"har": 0.5})
    assert statistics["ic_decay"]["adjusted_ic"] is None
    assert "not a return" in statistics["ic_decay"]["reason"]

"""Combinatorial purged cross-validation of what a search found, run for real."""

from __future__ import annotations

import json
from math import comb

import numpy as np
import polars as pl
import pytest

from breadthflow_engine.protocol.messages import Progress, Resources
from breadthflow_engine.steps.train import STEP

GROUPS, TESTED = 5, 2
PARAMS = {
    "target": {"kind": "log_realised_volatility", "horizon": 5},
    "validation": {
        "scheme": "cpcv",
        "folds": 3,
        "embargo": 2,
        "groups": GROUPS,
        "test_groups": TESTED,
    },
    "automl": {"trials": 3, "budget_seconds": 60},
}


@pytest.fixture(scope="module")
def inputs(before_train):
    return before_train(splits=comb(GROUPS, TESTED))


@pytest.fixture(scope="module")
def trained(run_step, inputs):
    run_step.events.clear()
    return run_step(STEP, PARAMS, inputs=inputs), list(run_step.events)


@pytest.fixture(scope="module")
def paths(trained):
    return json.loads(trained[0].file("paths.json").read_text("utf-8"))


def test_every_choice_of_groups_is_fitted_and_every_path_told(paths):
    assert paths["splits"] == comb(GROUPS, TESTED)
    assert [line["path"] for line in paths["paths"]] == list(range(comb(GROUPS - 1, TESTED - 1)))
    assert [group["group"] for group in paths["groups"]] == list(range(GROUPS))
    ends = [group["end"] for group in paths["groups"]]
    assert all(end < group["clear"] for end, group in zip(ends[:-1], paths["groups"], strict=False))
    for line in paths["paths"]:
        assert len(line["by_group"]) == GROUPS
        assert len(line["by_month"]) == len(paths["month"])


def test_paths_find_what_the_walk_forward_found(trained, paths):
    """Of a volatility that persists and never changes its nature, on every path."""
    summary = trained[0].summary["paths"]
    assert summary == paths["summary"]
    ics = [line["rank_ic"] for line in paths["paths"]]
    assert summary["count"] == len(ics)
    assert summary["mean"] == pytest.approx(np.mean(ics), abs=1e-5)
    assert (summary["lowest"], summary["highest"]) == pytest.approx((min(ics), max(ics)), abs=1e-5)
    ahead = [line["rank_ic"] > line["baseline_rank_ic"] for line in paths["paths"]]
    assert summary["above_baseline"] == np.mean(ahead)
    assert summary["mean"] == pytest.approx(trained[0].summary["rank_ic"], abs=0.08)


def test_the_months_of_a_path_add_up_to_it(paths):
    line = paths["paths"][0]
    by_month = [value for value in line["by_month"] if value is not None]
    assert min(by_month) <= line["rank_ic"] <= max(by_month)
    assert paths["month"] == sorted(paths["month"])


def test_the_walk_forward_beside_it_is_the_expanding_one(run_step, trained, inputs):
    made = run_step(STEP, {**PARAMS, "validation": {"folds": 3, "embargo": 2}}, inputs=inputs)
    for name in ("predictions.parquet", "ic.parquet"):
        ours, expanding = (pl.read_parquet(one.file(name)) for one in (trained[0], made))
        assert ours.equals(expanding)
    assert "paths" not in made.summary
    assert not (made.path / "paths.json").exists()


def test_the_same_paths_on_any_number_of_threads(run_step, inputs, paths):
    again = run_step(STEP, PARAMS, inputs=inputs, resources=Resources(threads=1))
    assert json.loads(again.file("paths.json").read_text("utf-8")) == paths


def test_the_splits_are_told_as_they_are_done(trained):
    told = [event for event in trained[1] if isinstance(event, Progress) and event.unit == "splits"]
    assert [event.done for event in told] == list(range(1, comb(GROUPS, TESTED) + 1))
    assert [event.fraction for event in told] == sorted(event.fraction for event in told)


def test_daily_ics_of_the_trials_are_those_of_the_leaderboard(trained):
    daily = pl.read_parquet(trained[0].file("trial_ic.parquet"))
    board = {
        line["name"].split("#")[1]: line["rank_ic"]
        for line in json.loads(trained[0].file("leaderboard.json").read_text("utf-8"))
        if line["kind"] == "trial"
    }
    names = [name for name in daily.columns if name.startswith("trial_")]
    assert {name.removeprefix("trial_") for name in names} == set(board)
    for name in names:
        assert daily[name].mean() == pytest.approx(board[name.removeprefix("trial_")])

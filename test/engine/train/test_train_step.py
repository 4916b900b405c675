"""The train step, run for real on a small market whose volatility persists."""

import json

import numpy as np
import polars as pl
import pytest

from breadthflow_engine.ledger import trials_in
from breadthflow_engine.models.saved import SavedModel
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import Resources
from breadthflow_engine.steps.train import STEP

VOLATILITY = {"kind": "log_realised_volatility", "horizon": 5}


def params(**automl):
    return {
        "target": VOLATILITY,
        "validation": {"folds": 3, "embargo": 2},
        "automl": {"trials": 6, "budget_seconds": 60, **automl},
    }


@pytest.fixture(scope="module")
def inputs(before_train):
    return before_train()


@pytest.fixture(scope="module")
def trained(run_step, inputs):
    run_step.events.clear()
    made = run_step(STEP, params(), inputs=inputs)
    return made, list(run_step.events)


def read_json(artifact, name):
    return json.loads(artifact.file(name).read_text("utf-8"))


def test_a_persistent_volatility_is_found(trained):
    summary = trained[0].summary
    assert summary["rank_ic"] > 0.2
    assert summary["baseline"] in ("har", "parkinson_21")
    assert summary["trials"] == sum(summary["trials_by_state"].values()) == 6
    assert sum(member["weight"] for member in summary["ensemble"]) == pytest.approx(1)


def test_predictions_are_out_of_fold_only_and_cover_every_test_row(trained):
    made = trained[0]
    predictions = pl.read_parquet(made.file("predictions.parquet"))
    assert predictions.select("symbol", "date").is_unique().all()
    assert not predictions.select(pl.all().is_null().any()).row(0).count(True)
    for fold in read_json(made, "folds.json"):
        rows = predictions.filter(pl.col("fold") == fold["fold"])
        assert rows.height == fold["test_rows"]
        assert str(rows["date"].min()) == fold["test_start"] > fold["purge_end"]
        assert str(rows["date"].max()) == fold["test_end"]
        assert fold["purge_end"] > fold["train_end"]


def test_summary_leaderboard_daily_ic_and_predictions_agree(trained):
    made = trained[0]
    predictions = pl.read_parquet(made.file("predictions.parquet"))
    by_hand = (
        predictions.group_by("date")
        .agg(
            pl.corr("label", "prediction", method="spearman").alias("model"),
            pl.corr("label", "baseline_har", method="spearman").alias("baseline_har"),
        )
        .sort("date")
    )
    daily = pl.read_parquet(made.file("ic.parquet")).sort("date")
    assert daily["date"].to_list() == by_hand["date"].to_list()
    for column in ("model", "baseline_har"):
        assert daily[column].to_numpy() == pytest.approx(by_hand[column].to_numpy())
    board = {line["name"]: line for line in read_json(made, "leaderboard.json")}
    assert board["ensemble"]["rank_ic"] == pytest.approx(by_hand["model"].mean())
    assert board["ensemble"]["rank_ic"] == made.summary["rank_ic"]
    assert board["har"]["kind"] == "baseline"
    assert sorted(board.values(), key=lambda line: -line["rank_ic"]) == list(board.values())


def test_every_trial_is_told_and_recorded(trained):
    made, events = trained
    told = [event for event in events if event.kind == "trial"]
    recorded = pl.read_parquet(made.file("trials.parquet"))
    assert [trial.number for trial in told] == recorded["number"].to_list() == list(range(6))
    assert {trial.engine for trial in told} == {"elastic_net", "lightgbm", "extra_trees"}
    for trial, row in zip(told, recorded.iter_rows(named=True), strict=True):
        assert (trial.state, trial.score) == (row["state"], row["score"])
        assert trial.fold_scores == row["fold_scores"]
        assert json.loads(row["params"]) == trial.params
    # As they are told once more where the model is brought back from elsewhere.
    assert trials_in(made, STEP.trials) == told
    fractions = [event.fraction for event in events if event.kind == "progress"]
    assert fractions == sorted(fractions)
    assert len(fractions) >= 10


def test_the_example_is_what_the_saved_model_answers(trained):
    made = trained[0]
    example = read_json(made, "example.json")
    tensor = example["request"]["inputs"][0]
    rows = np.array(tensor["data"], dtype=float).reshape(tensor["shape"])
    model = SavedModel.load(made.file("model"))
    assert model.predict(rows).tolist() == example["response"]["outputs"][0]["data"]
    assert list(model.features) == made.summary["features"]
    assert model.target == VOLATILITY


def test_importance_is_a_share(trained):
    shares = read_json(trained[0], "importance.json")
    assert sum(one["importance"] for one in shares) == pytest.approx(1)
    assert shares[-1]["feature"] == "noise"


@pytest.mark.parametrize("threads", [1, 3])
def test_same_seed_and_trials_same_bits_on_any_number_of_threads(
    run_step, inputs, trained, threads
):
    again = run_step(STEP, params(), inputs=inputs, resources=Resources(threads=threads))
    for name in ("predictions.parquet", "ic.parquet"):
        first = pl.read_parquet(trained[0].file(name))
        assert pl.read_parquet(again.file(name)).equals(first)
    for name in ("example.json", "importance.json", "model/model.json"):
        assert read_json(again, name) == read_json(trained[0], name)


def test_the_seed_matters(run_step, inputs, trained):
    other = run_step(STEP, params(seed=8), inputs=inputs)
    assert read_json(other, "model/model.json") != read_json(trained[0], "model/model.json")


def test_time_runs_out_after_the_first_trial_at_the_earliest(run_step, inputs):
    made = run_step(STEP, params(budget_seconds=1e-6), inputs=inputs)
    assert made.summary["trials_by_state"] == {"complete": 1}


@pytest.mark.parametrize("kind", ["forward_return", "excess_return", "direction"])
def test_returns_have_momentum_and_sign_beside_them(run_step, inputs, kind):
    asked = params(engines=["elastic_net"], trials=2)
    asked["target"] = {"kind": kind, "horizon": 5}
    made = run_step(STEP, asked, inputs=inputs)
    board = {line["name"]: line for line in read_json(made, "leaderboard.json")}
    assert {"momentum", "sign"} < board.keys()
    assert board["momentum"]["rmse"] is None


def test_a_budget_of_nothing_names_the_field(run_step, inputs):
    with pytest.raises(StepError, match=r"automl\.budget_seconds is 0") as caught:
        run_step(STEP, params(budget_seconds=0), inputs=inputs)
    assert caught.value.code == "train.no_budget"


def test_one_symbol_is_no_cross_section(run_step, before_train):
    with pytest.raises(StepError) as caught:
        run_step(STEP, params(), inputs=before_train(symbols=1))
    assert caught.value.code == "universe.one_symbol"
    assert "universe" in caught.value.hint


@pytest.mark.parametrize("empty", [{"kept": ()}, {"final": ()}])
def test_no_features_left(run_step, before_train, empty):
    with pytest.raises(StepError) as caught:
        run_step(STEP, params(), inputs=before_train(**empty))
    assert caught.value.code == "train.no_features"


def test_horizon_longer_than_the_data(run_step, inputs):
    asked = {**params(), "target": {**VOLATILITY, "horizon": 252}}
    with pytest.raises(StepError) as caught:
        run_step(STEP, asked, inputs=inputs)
    assert caught.value.code == "validation.too_few_days"

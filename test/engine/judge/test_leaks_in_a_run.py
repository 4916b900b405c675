"""Leaks planted into the steps of a real run, and into what they leave: the judge sees each."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from whole_run import DIRECTION, HORIZON, RETURN, SYMBOLS, VOLATILITY, Run

from breadthflow_engine.models.linear import LinearProblem
from breadthflow_engine.steps.judge.leak_tests import leaks_gate
from breadthflow_engine.steps.train import provenance
from breadthflow_engine.steps.train import step as train_step
from breadthflow_engine.steps.train.blend import Blended, Blender
from breadthflow_engine.steps.train.known import KnownDays
from breadthflow_engine.validation import Fold


def table(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Callable[[Path], None]:
    return lambda path: change(pl.read_parquet(path)).write_parquet(path)


@pytest.fixture(scope="module")
def runs(run_step, tmp_path_factory) -> Callable[[str], Run]:
    made: dict[str, Run] = {}

    def of(kind: str) -> Run:
        if kind not in made:
            made[kind] = Run(run_step, tmp_path_factory.mktemp(kind), kind)
        return made[kind]

    return of


@pytest.fixture
def run(runs) -> Run:
    return runs(VOLATILITY)


LOOKED_AT = {
    "cut_features": "selected features, computed again from data cut at",
    "cut_pipeline": "predictions, made again from data cut at",
    "target_function": "features on",
    "implausible_ic": "features on",
    "label_spans": "Every training row of 3 folds",
    "embargo": "of 3 folds",
    "split_order": "3 folds",
    "duplicate_rows": "The rows of 3 folds",
    "fold_fit": "5 fitted sets of numbers",
    "chosen_on_test": "What predicted each of 2 folds, by the days that it was chosen by, 1 of",
    "execution": "fills, each traced to its bar",
    "symbol_copies": f"The returns of {SYMBOLS} symbols",
    "stamped_early": f"The returns of {SYMBOLS} symbols",
}


@pytest.mark.parametrize("kind", [VOLATILITY, RETURN, DIRECTION])
def test_an_honest_run_passes_and_all_of_it_was_looked_at(runs, kind):
    gate, verdict = runs(kind).judged()
    tests = {test["detector"]: test for test in verdict["leaks"]}
    assert gate["passed"]
    assert gate["value"] == 0
    for detector, looked_at in LOOKED_AT.items():
        assert tests[detector]["evidence"] is not None, detector
        assert looked_at in tests[detector]["tested"]
    put = sum(test["decides"] and test["evidence"] is not None for test in verdict["leaks"])
    assert put >= len(LOOKED_AT)
    assert f"How many of {put} tests for leaks fail" in gate["meaning"]


def test_predictions_that_saw_tomorrow_are_found(run, tmp_path):
    shifted = pl.col("prediction").shift(-1).over("symbol").fill_null(0.0)
    train = run.changed(
        "train", "predictions.parquet", table(lambda t: t.with_columns(shifted)), tmp_path / "t"
    )
    found = run.failed(train=train)
    assert set(found) == {"cut_pipeline"}
    assert "S00 on " in found["cut_pipeline"][0]


def test_a_single_prediction_that_no_model_made_is_found(run, tmp_path):
    """All of one symbol, by a thousandth."""
    touched = pl.when(pl.col("symbol") == "S03").then(pl.col("prediction") * 1.001)
    train = run.changed(
        "train",
        "predictions.parquet",
        table(lambda t: t.with_columns(touched.otherwise("prediction").alias("prediction"))),
        tmp_path / "t",
    )
    assert [where[:6] for where in run.failed(train=train)["cut_pipeline"]] == ["S03 on"]


def test_a_feature_that_equals_the_label_is_found(run, tmp_path):
    labels = pl.read_parquet(run.inputs["train"].file("predictions.parquet"))
    chosen = json.loads(run.inputs["select"].file("selection.json").read_text("utf-8"))["final"]

    def answer(features: pl.DataFrame) -> pl.DataFrame:
        told = labels.select("symbol", "date", pl.col("label").cast(pl.Float32))
        joined = features.join(told, on=["symbol", "date"], how="left", maintain_order="left")
        return joined.with_columns(
            pl.coalesce("label", chosen[0]).alias(chosen[0]),
        ).drop("label")

    features = run.changed("features", "features.parquet", table(answer), tmp_path / "f")
    found = run.failed(features=features)
    assert {"cut_features", "target_function"} <= set(found)
    assert found["target_function"][0].startswith(chosen[0])


def test_a_fold_that_trained_into_its_test_is_found(run, monkeypatch):
    """Labels are not purged, and the embargo is left out too."""

    def everything_before(fold: Fold) -> pl.Expr:
        return pl.col("date").is_between(fold.train_start, fold.test_start, closed="left")

    monkeypatch.setattr(Fold, "train_rows", everything_before)
    found = run.failed(**run.trained())
    assert {"label_spans", "embargo"} <= set(found)
    assert len(found["label_spans"]) == 3


def test_rows_of_which_the_fold_does_not_tell_are_found(run, tmp_path):
    def tell_less(path: Path) -> None:
        folds = json.loads(path.read_text("utf-8"))
        folds[1]["fitted_until"] = folds[1]["fitted_from"]
        path.write_text(json.dumps(folds), encoding="utf-8")

    train = run.changed("train", "folds.json", tell_less, tmp_path / "t")
    assert "fold 2: " in run.failed(train=train)["label_spans"][0]


@pytest.mark.parametrize("kind", [VOLATILITY, RETURN, DIRECTION])
def test_a_scaler_of_all_rows_is_found(runs, kind, monkeypatch):
    run, honest, load = runs(kind), LinearProblem.of, train_step.load_panel
    everything: list[np.ndarray] = []

    def remember(*given):
        panel = load(*given)
        everything.append(panel.matrix(slice(None), panel.selection.by_cell[1, None]))
        return panel

    def of_all(rows, labels):
        own = honest(rows, labels)
        if rows.shape[1] != everything[-1].shape[1]:
            return own
        return dataclasses.replace(own, mean=np.nanmean(everything[-1], axis=0).astype(float))

    monkeypatch.setattr(train_step, "load_panel", remember)
    monkeypatch.setattr(LinearProblem, "of", of_all)
    outcome = run.trained()
    monkeypatch.undo()
    found = run.failed(**outcome)
    assert set(found) == {"fold_fit"}
    assert found["fold_fit"][0].startswith("elastic_net #")
    assert found["fold_fit"][0].endswith(" of fold 2")


@pytest.mark.parametrize(
    ("kind", "name"), [(VOLATILITY, "har"), (RETURN, "momentum"), (DIRECTION, "momentum")]
)
def test_a_baseline_that_learnt_from_all_rows_is_found(runs, kind, name, monkeypatch):
    run, honest, load = runs(kind), train_step.predict_baseline, train_step.load_panel
    panels = []

    def of_all(baseline, train, label, test):
        return honest(baseline, panels[-1].rows, panels[-1].label, test)

    monkeypatch.setattr(train_step, "load_panel", lambda *a: panels.append(load(*a)) or panels[-1])
    monkeypatch.setattr(train_step, "predict_baseline", of_all)
    found = run.failed(**run.trained())
    assert set(found) == {"fold_fit"}
    assert any(where.startswith(f"baseline {name} of fold ") for where in found["fold_fit"])


def test_a_blend_that_learnt_from_labels_of_its_own_test_is_found(run, monkeypatch):
    """The purge is left out between the windows, so that the last labels of one reach into the
    next."""
    honest = KnownDays.days
    monkeypatch.setattr(KnownDays, "days", lambda *given: np.ones_like(honest(*given)))
    found = run.failed(**run.trained())
    assert "chosen_on_test" in found
    assert found["chosen_on_test"][0] == f"fold 2: {HORIZON} days not over when its test begins"


def test_a_blend_that_was_chosen_by_all_folds_is_found(run, monkeypatch):
    """And tells of the days that it should have been chosen by."""
    honest = Blender.for_fold

    def by_all(self, results, fold):
        own, final = honest(self, results, fold), self.final(results)
        return Blended(final.members, final.weights, own.learnt)

    monkeypatch.setattr(Blender, "for_fold", by_all)
    found = run.failed(**run.trained())
    assert found["chosen_on_test"] == ["fold 2: other weights"]


def test_a_fill_at_the_close_that_the_signal_saw_is_found(run, tmp_path):
    def at_once(trades: pl.DataFrame) -> pl.DataFrame:
        return trades.with_columns(pl.col("signal_date").alias("date"))

    book = run.changed("backtest", "trades.parquet", table(at_once), tmp_path / "b")
    assert "execution" in run.failed(backtest=book)


def test_where_nothing_can_be_tested_nothing_is_passed():
    gate = leaks_gate([])
    assert gate.value is None
    assert not gate.passed
    assert "absent" in gate.meaning


def test_the_folds_tell_what_was_fitted_not_what_was_asked_for(run, monkeypatch):
    """One symbol's rows are missing at the end of each training window."""
    honest = train_step.Panel.train_index
    monkeypatch.setattr(train_step.Panel, "train_index", lambda *given: honest(*given)[:-40])
    folds = json.loads(run.trained()["train"].file("folds.json").read_text("utf-8"))
    for fold in folds:
        assert fold["fitted_until"] < fold["train_end"]
        assert fold["labels_until"] < fold["purge_end"]


def test_what_is_kept_of_a_fold_is_small(run):
    folder = run.inputs["train"].path
    kept = [folder / provenance.CHOICE_FILE, *(folder / provenance.KEPT_MODEL).iterdir()]
    assert sum(path.stat().st_size for path in kept) < 5_000_000

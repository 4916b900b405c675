"""Symbols held out of a whole run: no model knows what it is tested on, and the judge can tell."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from whole_run import RETURN, VOLATILITY, Run, sectors

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.select import step as select_step
from breadthflow_engine.steps.train import panel as panel_module
from breadthflow_engine.steps.train import step as train_step
from breadthflow_engine.validation import Cell, make_labels

KINDS = {"symbol": VOLATILITY, "sector": RETURN}
SECTOR = dict(sectors().iter_rows())


@pytest.fixture(scope="module")
def runs(run_step, tmp_path_factory):
    return {
        by: Run(run_step, tmp_path_factory.mktemp(by), kind, hold_out=by)
        for by, kind in KINDS.items()
    }


@pytest.fixture(params=list(KINDS))
def run(runs, request) -> Run:
    return runs[request.param]


def group_of(run: Run, symbol: str) -> str:
    return symbol if run.kind == VOLATILITY else SECTOR[symbol]


def told(run: Run, step: str, name: str):
    return json.loads(run.inputs[step].file(name).read_text("utf-8"))


def test_an_honest_run_passes_and_each_part_was_looked_at(run):
    gate, verdict = run.judged()
    tests = {test["detector"]: test for test in verdict["leaks"]}
    assert gate["passed"], gate["meaning"]
    for detector in ("held_out", "label_spans", "embargo", "split_order", "duplicate_rows"):
        assert "3 folds in 9 parts" in tests[detector]["tested"]
        assert tests[detector]["evidence"] == 0
    assert "parts of folds" in tests["chosen_on_test"]["tested"]
    assert tests["fold_fit"]["evidence"] == tests["cut_pipeline"]["evidence"] == 0


def test_no_row_of_a_group_is_among_those_that_its_predictions_were_fitted_on(run, monkeypatch):
    """By the rows that the models are really given."""
    made, given = [], []
    honest, fit = train_step.rows_by_cell, train_step.TrainingRows
    monkeypatch.setattr(
        train_step,
        "rows_by_cell",
        lambda panel, tests: made.append((panel, honest(panel, tests))) or made[-1][1],
    )
    monkeypatch.setattr(
        train_step, "TrainingRows", lambda *rows: given.append(len(rows[1])) or fit(*rows)
    )
    run.trained()
    ((panel, cells),) = made
    symbols = panel.rows["symbol"].to_numpy()
    for fold, own in zip(panel.folds, cells, strict=True):
        for one in own:
            train = {group_of(run, symbol) for symbol in set(symbols[one.train])}
            test = {group_of(run, symbol) for symbol in set(symbols[one.test])}
            assert train
            assert test
            assert not train & test
            assert panel.rows["label_end"][one.train].max() < fold.test_start
            assert len(one.train) in given
        tested = np.sort(np.concatenate([one.test for one in own]))
        np.testing.assert_array_equal(tested, panel.test_index(fold))


def test_what_is_written_says_so(run):
    parts, folds = told(run, "train", "held_out.json"), told(run, "train", "folds.json")
    assert [part["part"] for part in parts] == [0, 1, 2]
    assert sorted(symbol for part in parts for symbol in part["symbols"]) == sorted(SECTOR)
    for part in parts:
        assert {group_of(run, symbol) for symbol in part["symbols"]} == set(part["groups"])
        assert not set(part["trained"]) & set(part["symbols"])
    for fold in folds:
        assert sum(part["test_rows"] for part in fold["parts"]) == fold["test_rows"]
        # Each row is trained on for every part but its own.
        assert sum(part["train_rows"] for part in fold["parts"]) == 2 * fold["train_rows"]
    blends = told(run, "train", "blends.json")
    assert [(one["fold"], one["part"]) for one in blends] == [
        (f, p) for f in range(3) for p in range(3)
    ]
    selection = told(run, "select", "selection.json")
    assert len(selection["folds"]) == 9
    assert [part["symbols"] for part in selection["parts"]] == [part["symbols"] for part in parts]


def test_what_goes_live_is_fitted_on_every_symbol(run, monkeypatch):
    rows = []
    honest = train_step._fit_final
    monkeypatch.setattr(
        train_step, "_fit_final", lambda panel, *rest: rows.append(panel) or honest(panel, *rest)
    )
    run.trained()
    assert set(rows[0].rows["symbol"].unique()) == set(SECTOR)
    assert rows[0].selection.final == tuple(told(run, "select", "selection.json")["final"])


def test_labels_of_a_part_change_nothing_that_predicts_it(runs, run_step, monkeypatch, tmp_path):
    """Features, models, weights and baselines of a part are the same, whatever its own past was."""
    run = runs["sector"]
    held = set(told(run, "train", "held_out.json")[0]["symbols"])

    def otherwise(*given):
        labels = make_labels(*given)
        drawn = pl.Series(np.random.default_rng(1).normal(0, 0.05, labels.height))
        own = pl.col("symbol").is_in(held)
        return labels.with_columns(pl.when(own).then(drawn).otherwise("label").alias("label"))

    def predicted() -> tuple[pl.DataFrame, dict]:
        selection = run._step(
            "select", run.asked | {"selection": {"max_features": 4}}, inputs=run.inputs
        )
        automl = {"trials": 3, "budget_seconds": 600, "ensemble": 3}
        train = run._step(
            "train", {**run.asked, "automl": automl}, inputs={**run.inputs, "select": selection}
        )
        table = pl.read_parquet(train.file("predictions.parquet")).drop("label")
        return table, json.loads(selection.file("selection.json").read_text("utf-8"))

    before, chosen = predicted()
    monkeypatch.setattr(select_step, "make_labels", otherwise)
    monkeypatch.setattr(panel_module, "make_labels", otherwise)
    after, chosen_after = predicted()
    own = pl.col("symbol").is_in(held)
    assert after.filter(own).equals(before.filter(own))
    assert not after.filter(~own).equals(before.filter(~own))
    of_part = [
        [one for one in each["folds"] if one["part"] == 0] for each in (chosen, chosen_after)
    ]
    assert of_part[0] == of_part[1]


def test_a_part_that_was_trained_on_is_found(run, monkeypatch):
    monkeypatch.setattr(Cell, "train_rows", lambda self: self.fold.train_rows())
    found = run.failed(**run.trained())
    assert "held_out" in found
    assert found["held_out"][0].startswith("fold 1, part 1: ")


def test_baselines_of_all_symbols_are_found(run, monkeypatch):
    honest, load = train_step.predict_baseline, train_step.load_panel
    panels = []
    monkeypatch.setattr(train_step, "load_panel", lambda *a: panels.append(load(*a)) or panels[-1])
    monkeypatch.setattr(
        train_step,
        "predict_baseline",
        lambda name, _, __, test: honest(name, panels[-1].rows, panels[-1].label, test),
    )
    found = run.failed(**run.trained())
    assert set(found) == {"fold_fit"}
    assert "fold 2, part 1" in " ".join(found["fold_fit"])


def test_the_same_seed_gives_the_same_and_threads_do_not_matter(run):
    again = run.trained()["train"]
    for name in ("predictions.parquet", "ic.parquet"):
        first = pl.read_parquet(run.inputs["train"].file(name))
        assert pl.read_parquet(again.file(name)).equals(first)


def test_a_selection_for_other_parts_is_refused(runs):
    run = runs["symbol"]
    cut = {**run.asked["validation"], "hold_out_parts": 2}
    with pytest.raises(StepError, match="in 2 parts, but features were selected for 3") as caught:
        run._step("train", {**run.asked, "validation": cut}, inputs=run.inputs)
    assert caught.value.code == "train.other_parts"

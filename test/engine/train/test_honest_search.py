"""Nothing that is blended for a fold may know that fold, and a bad trial ends only itself."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from breadthflow_engine.metrics import DailyRankIC
from breadthflow_engine.steps.train import search as search_module
from breadthflow_engine.steps.train.blend import Blender
from breadthflow_engine.steps.train.cells import ChoiceRows
from breadthflow_engine.steps.train.known import KnownDays
from breadthflow_engine.steps.train.rows import evenly_spaced_days
from breadthflow_engine.steps.train.search import Fit, FoldRows, Search, TrialResult, candidates
from breadthflow_engine.steps.train.settings import Automl
from breadthflow_engine.validation import walk_forward

SYMBOLS, DAYS, HORIZON = 10, 200, 5
START = dt.date(2020, 1, 1)


def world(future_from: int | None = None):
    """Folds and three trials' predictions; labels from day `future_from` on are drawn anew."""
    folds = walk_forward(
        [START + dt.timedelta(days=i) for i in range(DAYS)], {"folds": 4, "embargo": 3}, HORIZON
    )
    random = np.random.default_rng(0)
    label = random.normal(size=(DAYS, SYMBOLS))
    forecasts = label[None] * 0.5 + random.normal(size=(4, DAYS, SYMBOLS))
    if future_from is not None:
        label[future_from:] = np.random.default_rng(1).normal(size=label[future_from:].shape)
    results = [TrialResult(i, "lightgbm", {}, default=i == 0) for i in range(4)]
    rows, rank_ics, all_days = [], [], []
    for fold in folds:
        first, last = (fold.test_start - START).days, (fold.test_end - START).days + 1
        days = np.repeat(np.arange(first, last), SYMBOLS)
        dates = [START + dt.timedelta(days=int(day)) for day in days]
        ends = [date + dt.timedelta(days=HORIZON) for date in dates]
        rows.append(pl.DataFrame({"date": dates, "label_end": ends}))
        all_days.append(days)
        rank_ics.append(DailyRankIC(days, label[first:last].ravel()))
        for result in results:
            prediction = forecasts[result.number, first:last].ravel()
            result.predictions.append(prediction.astype(np.float32))
            result.daily_ic.append(rank_ics[-1](prediction))
    known = KnownDays(folds, rows)
    places = [np.arange(len(days)) for days in all_days]
    return folds, results, known, Blender(ChoiceRows(places, all_days, rank_ics, known), 3)


def blended(blender, results, fold):
    found = blender.for_fold(results, fold)
    return [member.number for member in found.members], found.weights


@pytest.mark.parametrize("pool", [2, 32])
@pytest.mark.parametrize("fold", [1, 2, 3])
def test_weights_for_a_fold_do_not_change_with_what_its_purge_hides(monkeypatch, fold, pool):
    monkeypatch.setattr(search_module, "POOL", pool)
    folds, results, _, blender = world()
    known_until = (folds[fold].train_end - START).days + 1
    _, other_results, _, other_blender = world(future_from=known_until)
    assert blended(blender, results, fold) == blended(other_blender, other_results, fold)


def test_weights_do_change_with_what_came_before():
    _, results, _, blender = world()
    _, other_results, _, other_blender = world(future_from=0)
    before, after = (
        blended(b, r, 3) for b, r in ((blender, results), (other_blender, other_results))
    )
    assert before != after


def test_the_first_fold_blends_defaults_in_equal_parts():
    _, results, _, blender = world()
    results[2].default = True
    results[2].engine = "elastic_net"
    assert blended(blender, results, 0) == ([0, 2], [0.5, 0.5])


def test_a_pruned_trial_is_a_candidate_as_far_as_it_was_fitted():
    _, results, known, _ = world()
    results[3].state = "pruned"
    del results[3].daily_ic[2:]
    assert 3 in [result.number for result in candidates(results, known, 1)]
    assert 3 not in [result.number for result in candidates(results, known, 2)]


class _Rows:
    """Stands where prepared rows do; only the engine decides whether the fit works."""

    def __init__(self, label):
        self._label = label

    def fit(self, engine, params, seed):
        if engine == "lightgbm":
            raise RuntimeError("no trees today")
        label = self._label

        class Member:
            def predict(self, rows):
                return label + rows[:, 0]

        return Member()


def known_days(folds):
    rows = pl.DataFrame({"date": range(20), "label_end": [99] * 20}).select(
        pl.all().repeat_by(10).explode()
    )
    cuts = walk_forward([START + dt.timedelta(days=i) for i in range(DAYS)], {"folds": folds}, 1)
    return KnownDays(cuts, [rows.cast(pl.Date)] * folds)


def fold_rows():
    random = np.random.default_rng(0)
    days = np.repeat(np.arange(20), 10)
    label = random.normal(size=200)
    fit = Fit(_Rows(label), random.normal(size=(200, 1)), np.arange(200))
    return FoldRows((fit,), label, DailyRankIC(days, label))


def test_a_failed_trial_is_reported_with_its_reason_and_the_search_goes_on():
    told = []
    automl = Automl(trials=6, engines=["lightgbm", "elastic_net"])
    results = Search([fold_rows(), fold_rows()], [known_days(2)], automl, 2, told.append).run()
    assert len(told) == len(results) == 6
    failed = [trial for trial in told if trial.state == "failed"]
    assert failed
    assert failed[0].error == "RuntimeError: no trees today"
    assert any(trial.state == "complete" for trial in told)


def test_the_trial_that_runs_when_the_budget_ends_is_cancelled(monkeypatch):
    ticks = iter(range(10_000))
    monkeypatch.setattr(search_module.time, "monotonic", lambda: next(ticks))
    automl = Automl(trials=50, engines=["elastic_net"], budget_seconds=12)
    results = Search([fold_rows()] * 4, [known_days(4)], automl, 1, lambda _: None).run()
    assert results[0].state == "complete"
    assert results[-1].state == "cancelled"
    assert len(results) < 50


def test_predictions_that_no_ensemble_can_want_are_let_go(monkeypatch):
    monkeypatch.setattr(search_module, "POOL", 3)
    automl = Automl(trials=20, engines=["elastic_net"])
    results = Search([fold_rows(), fold_rows()], [known_days(2)], automl, 1, lambda _: None).run()
    assert sum(bool(result.predictions) for result in results) <= 3 * 2 + 1
    for fold in range(2):
        assert all(result.predictions for result in candidates(results, known_days(2), fold))


def test_days_are_left_out_whole_and_evenly_counted_back_from_the_last():
    days = np.repeat(np.arange(10), 4)
    kept = evenly_spaced_days(days, 16)
    assert np.unique(days[kept]).tolist() == [0, 3, 6, 9]
    assert len(kept) == 16
    assert len(evenly_spaced_days(days, 40)) == 40

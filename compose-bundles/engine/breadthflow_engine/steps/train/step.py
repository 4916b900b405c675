"""Train: search, ensemble, baselines, and the final model."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from breadthflow_engine.metrics import DailyRankIC, icir
from breadthflow_engine.models.baselines import baseline_names, predict_baseline
from breadthflow_engine.models.saved import SavedModel
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Emitter, Outcome, StepContext
from breadthflow_engine.steps.train import provenance
from breadthflow_engine.steps.train import results as files
from breadthflow_engine.steps.train.blend import Blended, Blender
from breadthflow_engine.steps.train.cells import (
    CellRows,
    ChoiceRows,
    choice_rows,
    rows_by_cell,
    together,
)
from breadthflow_engine.steps.train.example import write_example
from breadthflow_engine.steps.train.panel import Panel, load_panel
from breadthflow_engine.steps.train.paths import fit_paths, write_paths
from breadthflow_engine.steps.train.rows import TrainingRows
from breadthflow_engine.steps.train.search import Fit, FoldRows, Search, TrialResult
from breadthflow_engine.steps.train.settings import Automl, TrainParams
from breadthflow_engine.steps.train.trial_counter import TrialCounter

Rows = list[NDArray[np.intp]]

_LOADED, _PREPARED, _SEARCHED, _FITTED = 0.05, 0.2, 0.85, 0.9


@dataclass(frozen=True)
class _Trained:
    """What fitting leaves; lists have one entry a fold, `cells` and `blends` one for each cell in
    it."""

    panel: Panel
    cells: list[list[CellRows]]
    tests: Rows
    rank_ics: list[DailyRankIC]
    trials: list[TrialResult]
    blends: list[list[Blended]]
    predictions: list[NDArray[np.float64]]
    final: Blended
    model: SavedModel
    final_seconds: float


def run(params: TrainParams, context: StepContext) -> Outcome:
    """Read, search, blend, fit on all rows, write.

    Raises:
        StepError: `train.no_budget`, `train.all_trials_failed`, and those of `load_panel`.
    """
    if params.automl.budget_seconds == 0:
        raise StepError(
            "train.no_budget",
            "automl.budget_seconds is 0, which leaves no time to fit a model.",
            "Set automl.budget_seconds to the seconds the search may take, such as 60.",
            field="automl.budget_seconds",
        )
    context.emit.progress(0.0, "Reading features and labels")
    panel = load_panel(params, context)
    # Folds run side by side, each on one thread: numbers do not depend on the number of cores.
    with threadpool_limits(limits=1):
        trained = _train(panel, params, context)
        context.emit.progress(_FITTED, "Writing results")
        outcome = _write(trained, params, context)
        if params.validation.scheme == "cpcv":
            outcome.summary["paths"] = _paths(trained, outcome.summary["baseline"], params, context)
    return outcome


def _train(panel: Panel, params: TrainParams, context: StepContext) -> _Trained:
    emit, automl = context.emit, params.automl
    threads = min(context.resources.threads, len(panel.folds))
    tests = [panel.test_index(fold) for fold in panel.folds]
    cells = rows_by_cell(panel, tests)
    whole = choice_rows(panel, tests)
    outside = {part.index: choice_rows(panel, tests, part.index) for part in panel.parts}
    folds = _prepare(panel, cells, tests, whole, outside, automl, threads, emit)
    known = [rows.known for rows in outside.values()] or [whole.known]
    counter = TrialCounter(automl, emit, (_PREPARED, _SEARCHED))
    trials = Search(folds, known, automl, threads, counter.report).run()
    del folds
    _require_a_model(trials)

    emit.progress(_SEARCHED, "Blending the ensemble")
    blender = Blender(whole, automl.ensemble)
    blenders = {None: blender} | {
        part: Blender(rows, automl.ensemble) for part, rows in outside.items()
    }
    blends = [
        [blenders[one.part].for_fold(trials, fold) for one in own] for fold, own in enumerate(cells)
    ]
    predictions = [
        together(
            own, [blend.predict(fold)[one.place] for one, blend in zip(own, made, strict=True)]
        )
        for fold, (own, made) in enumerate(zip(cells, blends, strict=True))
    ]
    final = blender.final(trials)

    emit.progress(0.88, "Fitting the final model on all rows")
    started = time.monotonic()
    model = _fit_final(panel, final, params)
    seconds = time.monotonic() - started
    return _Trained(
        panel, cells, tests, whole.rank_ics, trials, blends, predictions, final, model, seconds
    )


def _write(trained: _Trained, params: TrainParams, context: StepContext) -> Outcome:
    output, panel, rank_ics = context.output, trained.panel, trained.rank_ics
    labels = [panel.label[test] for test in trained.tests]
    ensemble = files.score_predictions(
        "ensemble",
        "ensemble",
        "ensemble",
        trained.predictions,
        rank_ics,
        labels,
        seconds=trained.final_seconds,
        params={"members": provenance.members_of(trained.final)},
    )
    baseline_parts = {
        name: _baseline_predictions(name, trained) for name in baseline_names(params.target)
    }
    # Momentum and sign are orders, not estimates in the label's unit: they have no RMSE.
    same_unit = params.target.kind == "log_realised_volatility"
    baselines = [
        files.score_predictions(
            name, "baseline", "baseline", parts, rank_ics, labels if same_unit else None
        )
        for name, parts in baseline_parts.items()
    ]
    trials = files.score_trials(trained.trials, labels)
    files.write_leaderboard(output, [ensemble, *trials, *baselines])
    files.write_trials(output, trained.trials)
    provenance.write_folds(output, panel, trained.cells, trained.tests)
    provenance.write_held_out(output, panel, trained.cells)
    provenance.write_blends(output, panel, trained.cells, trained.blends, trained.trials, params)
    predictions = files.write_predictions(
        output, panel, trained.tests, trained.predictions, baseline_parts
    )
    date_type = panel.rows.schema["date"]
    files.write_daily_ic(output, rank_ics, date_type, [ensemble, *baselines])
    files.write_trial_ic(output, rank_ics, date_type, trained.trials)
    files.write_importance(output, trained.model.importance())
    trained.model.save(output / "model")
    write_example(output, panel, trained.model)

    best = max(baselines, key=lambda one: one.rank_ic)
    context.emit.metric("rank_ic", ensemble.rank_ic)
    context.emit.metric("baseline_rank_ic", best.rank_ic)
    return Outcome(
        kind="model",
        summary=_summary(trained, params, ensemble, best),
        rows=predictions.height,
        columns={name: str(dtype) for name, dtype in predictions.schema.items()},
    )


def _paths(
    trained: _Trained, baseline: str, params: TrainParams, context: StepContext
) -> dict[str, Any]:
    """Combinatorial purged cross-validation of the final ensemble; its `summary`."""

    def told(done: int, total: int, left: float) -> None:
        context.emit.progress(
            _FITTED + (1 - _FITTED) * done / total,
            "Fitting combinations of the history",
            done=done,
            total=total,
            unit="splits",
            eta_s=left,
        )

    panel = trained.panel
    paths = fit_paths(panel, trained.final, baseline, params, context.resources.threads, told)
    write_paths(context.output, paths, panel.rows.schema["date"])
    return paths.summary()


def _summary(
    trained: _Trained, params: TrainParams, ensemble: files.Scored, best: files.Scored
) -> dict[str, Any]:
    pairs = zip(ensemble.fold_rank_ic, best.fold_rank_ic, strict=True)
    return {
        "rank_ic": files.finite(ensemble.rank_ic),
        "icir": files.finite(icir(np.concatenate(ensemble.daily_ic))),
        "rmse": files.finite(ensemble.rmse),
        "baseline": best.name,
        "baseline_rank_ic": files.finite(best.rank_ic),
        "folds": len(trained.tests),
        "folds_ahead": sum(ours > theirs for ours, theirs in pairs),
        "fold_rank_ic": [files.finite(value) for value in ensemble.fold_rank_ic],
        "baseline_fold_rank_ic": [files.finite(value) for value in best.fold_rank_ic],
        "trials": len(trained.trials),
        "trials_by_state": dict(Counter(trial.state for trial in trained.trials)),
        "engines": list(params.automl.engines),
        "ensemble": provenance.members_of(trained.final),
        "features": list(trained.model.features),
    }


def _prepare(
    panel: Panel,
    cells: list[list[CellRows]],
    tests: Rows,
    whole: ChoiceRows,
    outside: dict[int, ChoiceRows],
    automl: Automl,
    threads: int,
    emit: Emitter,
) -> list[FoldRows]:
    def fit_of(one: CellRows) -> Fit:
        names = panel.selection.by_cell[one.cell.key]
        train = TrainingRows(
            panel.matrix(one.train, names),
            panel.label[one.train],
            panel.days[one.train],
            automl.engines,
        )
        return Fit(train, panel.matrix(one.test, names), one.place)

    def prepare(index: int) -> FoldRows:
        return FoldRows(
            fits=tuple(fit_of(one) for one in cells[index]),
            label=panel.label[tests[index]],
            rank_ic=whole.rank_ics[index],
            outside={
                part: (rows.places[index], rows.rank_ics[index]) for part, rows in outside.items()
            },
        )

    count = len(panel.folds)
    with ThreadPoolExecutor(threads) as pool:
        return list(_told(pool.map(prepare, range(count)), count, emit))


def _told(made: Iterator[FoldRows], count: int, emit: Emitter) -> Iterator[FoldRows]:
    emit.progress(_LOADED, "Preparing folds", done=0, total=count, unit="folds")
    for done, fold in enumerate(made, start=1):
        fraction = _LOADED + (_PREPARED - _LOADED) * done / count
        emit.progress(fraction, "Preparing folds", done=done, total=count, unit="folds")
        yield fold


def _require_a_model(trials: list[TrialResult]) -> None:
    if any(trial.state == "complete" for trial in trials):
        return
    reasons = sorted({trial.error for trial in trials if trial.error})
    raise StepError(
        "train.all_trials_failed",
        f"None of {len(trials)} trials could be fitted: {'; '.join(reasons)[:500]}.",
        "Look at the features that were kept, and try other automl.engines.",
        field="automl.engines",
    )


def _fit_final(panel: Panel, final: Blended, params: TrainParams) -> SavedModel:
    names = panel.selection.final
    rows = TrainingRows(
        panel.matrix(slice(None), names),
        panel.label,
        panel.days,
        sorted({member.engine for member in final.members}),
    )
    return SavedModel(
        features=names,
        target=params.target.model_dump(),
        members=tuple(
            rows.fit(member.engine, member.params, params.automl.seed) for member in final.members
        ),
        weights=tuple(final.weights),
        names=tuple(files.trial_name(member) for member in final.members),
    )


def _baseline_predictions(name: str, trained: _Trained) -> list[NDArray[np.float64]]:
    panel = trained.panel
    return [
        together(
            own,
            [
                predict_baseline(
                    name, panel.rows[one.train], panel.label[one.train], panel.rows[one.test]
                )
                for one in own
            ],
        )
        for own in trained.cells
    ]

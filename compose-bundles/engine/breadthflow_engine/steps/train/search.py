"""The search: Optuna asks, each configuration is fitted fold by fold, every trial is reported."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.trial import TrialState

from breadthflow_engine.metrics import DailyRankIC, mean_ic, rmse
from breadthflow_engine.models.saved import Member
from breadthflow_engine.protocol.messages import Trial
from breadthflow_engine.steps.train.known import KnownDays
from breadthflow_engine.steps.train.rows import TrainingRows
from breadthflow_engine.steps.train.settings import Automl, Engine
from breadthflow_engine.steps.train.space import default_trials, suggest

State = Literal["complete", "pruned", "failed", "cancelled"]

POOL = 32
"""Candidates of an ensemble at most: the best by the folds that its weights may know."""

KEPT_FOLD = 1
"""The fold whose fitted models are kept for the judge: the first whose blend is chosen by results,
and the one of those whose history is the shortest to go through again. Of its cells, the first."""

Index = NDArray[np.intp]


@dataclass(frozen=True)
class Fit:
    """What one model of a configuration is fitted on and what it predicts: `test` are the rows at
    `place` among the test rows of the fold."""

    train: TrainingRows
    test: NDArray[np.float32]
    place: Index


@dataclass(frozen=True)
class FoldRows:
    """One fold as the search sees it: what to fit for it, and how to judge its test rows.

    Attributes:
        fits: one, or one for each part that is held out.
        outside: by part, which test rows lie outside it and how to judge those.
    """

    fits: tuple[Fit, ...]
    label: NDArray[np.float64]
    rank_ic: DailyRankIC
    outside: Mapping[int, tuple[Index, DailyRankIC]] = field(default_factory=dict)


@dataclass
class TrialResult:
    """One configuration and what became of it.

    Attributes:
        default: one of the enqueued defaults, chosen before any result was known.
        daily_ic: daily rank IC of each fold that was fitted.
        outside_ic: the same among the symbols outside each part that is held out.
        predictions: of the test rows of each fold that was fitted; emptied once the trial can be
            no candidate for any ensemble.
        kept: what was fitted for `KEPT_FOLD`; let go of together with the predictions.
    """

    number: int
    engine: Engine
    params: dict[str, Any]
    default: bool
    state: State = "complete"
    daily_ic: list[NDArray[np.float64]] = field(default_factory=list)
    outside_ic: list[dict[int, NDArray[np.float64]]] = field(default_factory=list)
    squared_errors: list[float] = field(default_factory=list)
    predictions: list[NDArray[np.float32]] = field(default_factory=list)
    kept: Member | None = None
    seconds: float = 0.0
    error: str | None = None

    @property
    def fold_scores(self) -> list[float]:
        return [mean_ic(ic) for ic in self.daily_ic]

    @property
    def score(self) -> float | None:
        """Mean daily rank IC over the folds that were fitted; None if none was."""
        return mean_ic(np.concatenate(self.daily_ic)) if self.daily_ic else None

    def known_score(self, known: KnownDays, fold: int) -> float:
        """Mean daily rank IC over what is known to `fold`; NaN if that is nothing."""
        parts = [
            self._ic(earlier, known.part)[known.days(fold, earlier)] for earlier in range(fold)
        ]
        return mean_ic(np.concatenate(parts))

    def _ic(self, fold: int, part: int | None) -> NDArray[np.float64]:
        return self.daily_ic[fold] if part is None else self.outside_ic[fold][part]


class _OutOfTimeError(Exception):
    pass


class Search:
    """Optuna's TPE over the engines' spaces.

    The score of a trial is its mean daily rank IC over all out-of-fold rows. After each fold the
    mean so far is reported, and the median pruner may end the trial. Folds are fitted `threads`
    at a time but always reported in order, and what was fitted ahead of a prune is thrown away:
    the result depends on the seed and the number of trials, not on the number of cores.

    Args:
        folds: earliest first.
        known: what of earlier folds a later one may know, for each part that is held out.
        automl: engines, trials, budget, seed.
        threads: folds fitted at a time.
        report: called with each trial as it ends.
    """

    def __init__(
        self,
        folds: list[FoldRows],
        known: Sequence[KnownDays],
        automl: Automl,
        threads: int,
        report: Callable[[Trial], None],
    ) -> None:
        self._folds = folds
        self._known = known
        self._automl = automl
        self._threads = threads
        self._report = report

    def run(self) -> list[TrialResult]:
        """Every trial, in order of number."""
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        study = optuna.create_study(
            direction="maximize",
            sampler=optuna.samplers.TPESampler(seed=self._automl.seed, n_startup_trials=8),
            pruner=optuna.pruners.MedianPruner(n_startup_trials=3, n_warmup_steps=1),
        )
        defaults = default_trials(self._automl.engines)
        for params in defaults:
            study.enqueue_trial(params)
        ends = time.monotonic() + self._automl.budget_seconds
        results: list[TrialResult] = []
        with ThreadPoolExecutor(self._threads) as pool:
            while len(results) < self._automl.trials and (not results or time.monotonic() < ends):
                asked = study.ask()
                engine, params = suggest(asked, self._automl.engines)
                result = TrialResult(len(results), engine, params, len(results) < len(defaults))
                self._fit(result, asked, pool, ends if results else float("inf"))
                if result.state == "complete":
                    study.tell(asked, result.score)
                else:
                    pruned = result.state == "pruned"
                    study.tell(asked, state=TrialState.PRUNED if pruned else TrialState.FAIL)
                results.append(result)
                _drop_hopeless(results, self._known, len(self._folds))
                self._report(_event(result))
        return results

    def _fit(
        self, result: TrialResult, asked: optuna.trial.Trial, pool: ThreadPoolExecutor, ends: float
    ) -> None:
        started = time.monotonic()
        try:
            for fold, prediction in self._predictions(result, pool, ends):
                rows = self._folds[fold]
                result.daily_ic.append(rows.rank_ic(prediction))
                result.outside_ic.append(
                    {part: judge(prediction[at]) for part, (at, judge) in rows.outside.items()}
                )
                result.squared_errors.append(rmse(prediction, rows.label) ** 2)
                result.predictions.append(prediction)
                asked.report(result.score or 0.0, step=fold)
                if fold + 1 < len(self._folds) and asked.should_prune():
                    result.state = "pruned"
                    break
        except _OutOfTimeError:
            result.state = "cancelled"
        except Exception as error:
            # One bad configuration must not end the search; the ledger keeps it with its reason.
            result.state = "failed"
            result.error = f"{type(error).__name__}: {error}"
        result.seconds = time.monotonic() - started

    def _predictions(
        self, result: TrialResult, pool: ThreadPoolExecutor, ends: float
    ) -> Iterator[tuple[int, NDArray[np.float32]]]:
        def fit(fold: int) -> NDArray[np.float32]:
            rows = self._folds[fold]
            predicted = np.empty(len(rows.label), dtype=np.float32)
            for number, one in enumerate(rows.fits):
                member = one.train.fit(result.engine, result.params, self._automl.seed)
                if fold == KEPT_FOLD and number == 0:
                    result.kept = member
                predicted[one.place] = member.predict(one.test)
            return predicted

        for first in range(0, len(self._folds), self._threads):
            if time.monotonic() >= ends:
                raise _OutOfTimeError
            batch = range(first, min(first + self._threads, len(self._folds)))
            yield from zip(batch, pool.map(fit, batch), strict=True)


def candidates(results: list[TrialResult], known: KnownDays, fold: int) -> list[TrialResult]:
    """Who may be blended for a fold, judged by what is known to it.

    For the first fold the first default of each engine; later the `POOL` best so far of those
    that were fitted up to this fold, finished or not.
    """
    fitted = [result for result in results if len(result.daily_ic) > fold]
    if fold == 0:
        first: dict[Engine, TrialResult] = {}
        for result in fitted:
            if result.default:
                first.setdefault(result.engine, result)
        return list(first.values()) or fitted[:1]
    return _best(fitted, [result.known_score(known, fold) for result in fitted])


def finalists(results: list[TrialResult]) -> list[TrialResult]:
    """Who may be blended in the final model: the `POOL` best of the complete trials."""
    complete = [result for result in results if result.state == "complete"]
    return _best(complete, [result.score or 0.0 for result in complete])


def _best(results: list[TrialResult], scores: list[float]) -> list[TrialResult]:
    """The best by score, in order of number; where nothing is known all scores are equal."""
    order = np.argsort(-np.nan_to_num(scores), kind="stable")[:POOL]
    return [results[i] for i in np.sort(order)]


def _drop_hopeless(results: list[TrialResult], known: Sequence[KnownDays], folds: int) -> None:
    """Let go of the predictions of trials that no ensemble can want, so that memory is bounded."""
    if len(results) <= POOL:
        return
    wanted = {result.number for result in finalists(results)}
    for of_part in known:
        for fold in range(folds):
            wanted |= {result.number for result in candidates(results, of_part, fold)}
    for result in results:
        if result.number not in wanted:
            result.predictions.clear()
            result.kept = None


def _event(result: TrialResult) -> Trial:
    return Trial(
        number=result.number,
        engine=result.engine,
        params=result.params,
        state=result.state,
        score=result.score,
        fold_scores=[*result.fold_scores],
        seconds=result.seconds,
        error=result.error,
    )

"""What the judge needs to see that nothing was learnt from where it must not be.

Told by what was really fitted on and chosen by, not by what was asked for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.models.saved import SavedModel
from breadthflow_engine.steps.train.blend import Blended
from breadthflow_engine.steps.train.panel import Panel
from breadthflow_engine.steps.train.results import trial_name, write_json
from breadthflow_engine.steps.train.search import KEPT_FOLD, TrialResult
from breadthflow_engine.steps.train.settings import TrainParams

Rows = list[NDArray[np.intp]]

BLENDS_FILE = "blends.json"
KEPT_MODEL = "fold_model"
CHOICE_FILE = "fold_choice.npz"


def write_folds(output: Path, panel: Panel, trains: Rows, tests: Rows) -> None:
    """`folds.json`: the dates of each fold, and of the rows that it trained and tested on how many
    there are. `fitted_from`, `fitted_until` and `labels_until` are the first and the last day of
    the training rows themselves, and the last that any of their labels reaches."""
    folds = []
    for fold, train, test in zip(panel.folds, trains, tests, strict=True):
        fitted = panel.rows[train].select(
            pl.col("date").min().alias("fitted_from"),
            pl.col("date").max().alias("fitted_until"),
            pl.col("label_end").max().alias("labels_until"),
        )
        folds.append(
            {
                "fold": fold.index,
                "train_start": str(fold.train_start),
                "train_end": str(fold.train_end),
                "purge_end": str(fold.purge_end),
                "test_start": str(fold.test_start),
                "test_end": str(fold.test_end),
                "purge_days": fold.purge_days,
                "embargo_days": fold.embargo_days,
                "train_rows": len(train),
                "test_rows": len(test),
                "features": len(panel.selection.by_fold[fold.index]),
                **{name: str(day) for name, day in fitted.row(0, named=True).items()},
            }
        )
    write_json(output / "folds.json", folds)


def write_blends(
    output: Path,
    panel: Panel,
    blends: list[Blended],
    trials: list[TrialResult],
    params: TrainParams,
) -> None:
    """`blends.json`: who predicted each fold, by what weight, chosen by which days.

    Of the fold `KEPT_FOLD` also its models (`fold_model`), and what its weights were chosen by
    (`fold_choice.npz`: `pool`, `covariance`, `with_label`; see `DailyMoments`). An engine that the
    fold did without is there too, with a weight of 0: other folds may use it, and how it is fitted
    can be seen from one.
    """
    date_type = panel.rows.schema["date"]
    write_json(
        output / BLENDS_FILE,
        [
            {"fold": index, "members": members_of(blend), **_learnt_days(blend, date_type)}
            for index, blend in enumerate(blends)
        ],
    )
    kept = blends[KEPT_FOLD]
    others = _without_weight(kept.members, trials)
    shown = [one for one in (*kept.members, *others) if one.kept is not None]
    SavedModel(
        features=panel.selection.by_fold[KEPT_FOLD],
        target=params.target.model_dump(),
        members=tuple(one.kept for one in shown if one.kept is not None),
        weights=(*kept.weights, *(0.0 for _ in others)),
        names=tuple(trial_name(one) for one in shown),
    ).save(output / KEPT_MODEL)
    if kept.learnt is not None:
        np.savez(
            output / CHOICE_FILE,
            pool=np.array(kept.learnt.pool),
            covariance=kept.learnt.moments.covariance,
            with_label=kept.learnt.moments.with_label,
        )


def _without_weight(members: list[TrialResult], trials: list[TrialResult]) -> list[TrialResult]:
    """The first trial of each engine that has no member."""
    first: dict[str, TrialResult] = {}
    for trial in trials:
        if trial.kept is not None:
            first.setdefault(trial.engine, trial)
    for member in members:
        first.pop(member.engine, None)
    return list(first.values())


def members_of(blended: Blended) -> list[dict[str, Any]]:
    pairs = zip(blended.members, blended.weights, strict=True)
    return [{"name": trial_name(member), "weight": weight} for member, weight in pairs]


def _learnt_days(blend: Blended, date_type: pl.DataType) -> dict[str, Any]:
    if blend.learnt is None:
        return {"days": 0, "learnt_from": None, "learnt_until": None}
    whole = pl.Series(blend.learnt.days)
    days = (whole.cast(pl.Int32) if date_type == pl.Date else whole).cast(date_type)
    return {"days": len(days), "learnt_from": str(days.min()), "learnt_until": str(days.max())}

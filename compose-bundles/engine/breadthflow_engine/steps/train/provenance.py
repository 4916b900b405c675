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
from breadthflow_engine.steps.train.cells import CellRows
from breadthflow_engine.steps.train.panel import Panel
from breadthflow_engine.steps.train.results import trial_name, write_json
from breadthflow_engine.steps.train.search import KEPT_FOLD, TrialResult
from breadthflow_engine.steps.train.settings import TrainParams

Rows = list[NDArray[np.intp]]

HELD_OUT_FILE = "held_out.json"
BLENDS_FILE = "blends.json"
KEPT_MODEL = "fold_model"
CHOICE_FILE = "fold_choice.npz"


def write_folds(output: Path, panel: Panel, cells: list[list[CellRows]], tests: Rows) -> None:
    """`folds.json`: the dates of each fold, and of the rows that it trained and tested on how many
    there are. `fitted_from`, `fitted_until` and `labels_until` are the first and the last day of
    the training rows themselves, and the last that any of their labels reaches.

    Where symbols are held out, `parts` has all this of each part, and the fold of the rows that any
    of its parts trained on.
    """
    folds = []
    for fold, own, test in zip(panel.folds, cells, tests, strict=True):
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
                **_fitted(panel, own, len(test)),
                **_parts(panel, own),
            }
        )
    write_json(output / "folds.json", folds)


def _fitted(panel: Panel, cells: list[CellRows], tested: int) -> dict[str, Any]:
    train = np.unique(np.concatenate([one.train for one in cells]))
    days = panel.rows[train].select(
        pl.col("date").min().alias("fitted_from"),
        pl.col("date").max().alias("fitted_until"),
        pl.col("label_end").max().alias("labels_until"),
    )
    used = {name for one in cells for name in panel.selection.by_cell[one.cell.key]}
    return {
        "train_rows": len(train),
        "test_rows": tested,
        "features": len(used),
        **{name: str(day) for name, day in days.row(0, named=True).items()},
    }


def _parts(panel: Panel, cells: list[CellRows]) -> dict[str, Any]:
    if not panel.parts:
        return {}
    return {"parts": [{"part": one.part, **_fitted(panel, [one], len(one.test))} for one in cells]}


def write_held_out(output: Path, panel: Panel, cells: list[list[CellRows]]) -> None:
    """`held_out.json`: which symbols are tested together by models that saw none of them, and which
    ones those models really trained on, as [{part, groups, symbols, trained}]; no file where no
    symbol is held out."""
    if not panel.parts:
        return
    symbols = panel.rows["symbol"]
    told = []
    for part in panel.parts:
        rows = [one.train for own in cells for one in own if one.part == part.index]
        trained = symbols[np.unique(np.concatenate(rows))].unique().sort() if rows else []
        told.append({**part.as_json(), "trained": list(trained)})
    write_json(output / HELD_OUT_FILE, told)


def write_blends(
    output: Path,
    panel: Panel,
    cells: list[list[CellRows]],
    blends: list[list[Blended]],
    trials: list[TrialResult],
    params: TrainParams,
) -> None:
    """`blends.json`: who predicted each fold, by what weight, chosen by which days; where symbols
    are held out, each part of a fold.

    Of the fold `KEPT_FOLD` (of its first part) also its models (`fold_model`), and what its weights
    were chosen by (`fold_choice.npz`: `pool`, `covariance`, `with_label`; see `DailyMoments`). An
    engine that the fold did without is there too, with a weight of 0: other folds may use it, and
    how it is fitted can be seen from one.
    """
    date_type = panel.rows.schema["date"]
    write_json(
        output / BLENDS_FILE,
        [
            {
                **one.cell.as_json(),
                "members": members_of(blend),
                **_learnt_days(blend, date_type),
            }
            for own, made in zip(cells, blends, strict=True)
            for one, blend in zip(own, made, strict=True)
        ],
    )
    kept = blends[KEPT_FOLD][0]
    others = _without_weight(kept.members, trials)
    shown = [one for one in (*kept.members, *others) if one.kept is not None]
    SavedModel(
        features=panel.selection.by_cell[cells[KEPT_FOLD][0].cell.key],
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

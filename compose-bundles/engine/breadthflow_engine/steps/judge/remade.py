"""What was fitted and chosen in the folds, with the means to make it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.leaks.subject import Fitted, FoldRows, Pick
from breadthflow_engine.models.baselines import baseline_inputs, baseline_names, predict_baseline
from breadthflow_engine.models.ensemble import DailyMoments, greedy_weights
from breadthflow_engine.models.saved import LinearMember, Member, TreeMember
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.steps.judge.kept_fold import KeptFold
from breadthflow_engine.steps.train.provenance import BLENDS_FILE, CHOICE_FILE
from breadthflow_engine.steps.train.rows import TrainingRows
from breadthflow_engine.steps.train.search import KEPT_FOLD
from breadthflow_engine.steps.train.settings import TrainParams
from breadthflow_engine.validation import Target

Floats = NDArray[np.float64]

KEY = ["symbol", "date"]
_TESTED_ROWS = 500


def baselines_again(
    train: Artifact,
    target: Target,
    bars: pl.DataFrame,
    labels: pl.DataFrame,
    folds: tuple[FoldRows, ...],
) -> tuple[Fitted, ...]:
    """Each baseline by what it predicted of some rows of two folds, or of a part of each. Those
    that lack what it is computed from come first: they are given what was learnt from the training
    rows."""
    if not folds:
        return ()
    predictions = pl.read_parquet(train.file("predictions.parquet"))
    rows = labels.join(baseline_inputs(bars.lazy(), target).collect(), on=KEY, how="inner")
    names = baseline_names(target)
    inputs = [name for name in rows.columns if name not in labels.columns]
    fitted: list[Fitted] = []
    kept = next((one for one in folds if one.index == KEPT_FOLD), folds[-1])
    for fold in {one.key: one for one in (kept, folds[-1])}.values():
        told = (
            predictions.filter(_predicted(fold))
            .select(*KEY, *(f"baseline_{name}" for name in names))
            .join(rows, on=KEY, how="inner")
            .sort(pl.all_horizontal(pl.col(inputs).is_not_null()), *KEY)
            .head(_TESTED_ROWS)
        )
        fitted += [
            Fitted(
                f"baseline {name}",
                fold.index,
                told[f"baseline_{name}"].to_numpy(),
                rows,
                _baseline_fit(name, told),
                fold.part,
            )
            for name in names
        ]
    return tuple(fitted)


def _predicted(fold: FoldRows) -> pl.Expr:
    """True for the predictions of a fold, or of a part of it."""
    rows = pl.col("fold") == fold.index
    return rows if fold.part is None else rows & pl.col("symbol").is_in(fold.held_out)


def _baseline_fit(name: str, told: pl.DataFrame) -> Callable[[pl.DataFrame], Floats]:
    return lambda own: predict_baseline(name, own, own["label"].to_numpy(), told)


def members_again(
    kept: KeptFold, features: Path, labels: pl.DataFrame, folds: tuple[FoldRows, ...]
) -> tuple[Fitted, ...]:
    """The models of the kept fold, with all that they learn from rows: imputation, clip, scale,
    the label's own transform, bins and trees. Of the trees, those that are grown soonest."""
    fold = next((fold for fold in folds if fold.key == (kept.index, kept.part)), None)
    if fold is None:
        return ()
    last = fold.train["date"].max()
    names = kept.model.features
    rows = (
        pl.scan_parquet(features)
        .select(*KEY, *names)
        .filter(pl.col("date") <= last)
        .join(labels.lazy().select(*KEY, "label"), on=KEY, how="inner")
        .sort("date", "symbol")
        .collect()
    )
    probe = kept.matrix(rows[:: max(1, rows.height // _TESTED_ROWS)])
    pairs = _quick(kept)
    return (
        Fitted(
            ", ".join(f"{trial['engine']} #{trial['number']}" for _, trial in pairs),
            kept.index,
            np.concatenate([_numbers(member, probe) for member, _ in pairs]),
            rows,
            _members_fit(kept, [trial for _, trial in pairs], probe),
            kept.part,
        ),
    )


def _quick(kept: KeptFold) -> list[tuple[Member, dict[str, Any]]]:
    """Members and their trials: the linear ones and, of the trees, the fewest."""
    by_name = {
        f"{trial['engine']} #{trial['number']}": {**trial, "params": json.loads(trial["params"])}
        for trial in kept.trials.iter_rows(named=True)
    }
    pairs = [
        (member, by_name[name])
        for member, name in zip(kept.model.members, kept.model.names, strict=True)
    ]
    linear = [pair for pair in pairs if isinstance(pair[0], LinearMember)]
    trees = [pair for pair in pairs if isinstance(pair[0], TreeMember)]
    trees.sort(key=lambda pair: pair[1]["params"]["rounds"])
    return linear + trees[:1]


def _members_fit(
    kept: KeptFold, trials: list[dict[str, Any]], probe: NDArray[np.float32]
) -> Callable[[pl.DataFrame], Floats]:
    def fit(own: pl.DataFrame) -> Floats:
        own = own.sort("date", "symbol")
        rows = TrainingRows(
            kept.matrix(own),
            own["label"].to_numpy(),
            own["date"].to_physical().cast(pl.Int64).to_numpy(),
            [trial["engine"] for trial in trials],
        )
        seed = kept.params.automl.seed
        made = [rows.fit(trial["engine"], trial["params"], seed) for trial in trials]
        return np.concatenate([_numbers(member, probe) for member in made])

    return fit


def _numbers(member: Member, probe: NDArray[np.float32]) -> Floats:
    """All that a linear model consists of; what trees say of some rows, in units of their label."""
    if isinstance(member, LinearMember):
        parts = (member.fill, member.lower, member.upper, member.mean, member.scale)
        return np.concatenate([*parts, member.coefficients, [member.intercept]])
    assert isinstance(member, TreeMember)
    raw = (member.predict(probe) - member.shift) / (member.scale or 1.0)
    return np.append(raw, [member.scale, member.shift])


def picks(train: Artifact, date_type: pl.DataType) -> tuple[Pick, ...]:
    """By which days each fold's blend was chosen, or its parts' ones; of the kept one also how."""
    path = train.path / BLENDS_FILE
    if not path.exists():
        return ()
    predictions = pl.scan_parquet(train.file("predictions.parquet"))
    days = predictions.select(pl.col("date").unique().sort()).collect()["date"]
    blends = json.loads(path.read_text("utf-8"))
    kept = next((blend for blend in blends if blend["fold"] == KEPT_FOLD), None)
    return tuple(
        Pick(
            blend["fold"],
            _between(days, blend["learnt_from"], blend["learnt_until"]).cast(date_type),
            np.array([member["weight"] for member in blend["members"]]),
            _choice_again(train, [member["name"] for member in blend["members"]])
            if blend is kept
            else None,
            blend.get("part"),
        )
        for blend in blends
        if blend["days"]
    )


def _between(days: pl.Series, first: str, last: str) -> pl.Series:
    text = days.cast(pl.String)
    return days.filter((text >= first) & (text <= last))


def _choice_again(train: Artifact, names: list[str]) -> Callable[[], Floats] | None:
    path = train.path / CHOICE_FILE
    if not path.exists():
        return None

    def again() -> Floats:
        params = TrainParams.model_validate(train.manifest.made_by.params)
        with np.load(path, allow_pickle=False) as file:
            moments = DailyMoments(file["covariance"], file["with_label"])
            weights = greedy_weights(moments, params.automl.ensemble)
            by_number = dict(zip(file["pool"].tolist(), weights.tolist(), strict=True))
        told = [by_number.pop(int(name.split("#")[1]), 0.0) for name in names]
        # What was given no weight at all, though it would have had some, is an otherwise too.
        return np.array(told if not any(by_number.values()) else [*told, *by_number.values()])

    return again

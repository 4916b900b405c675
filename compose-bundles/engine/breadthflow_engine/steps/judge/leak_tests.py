"""What the leak detectors are given of a run, and the gate that their answers make."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from breadthflow_engine.bars import load_attributes, load_bars
from breadthflow_engine.language import FeatureSpec, compile_features
from breadthflow_engine.leaks.audit import audit
from breadthflow_engine.leaks.leak_test import LeakTest
from breadthflow_engine.leaks.subject import Fitted, FoldRows, Pipeline, Subject
from breadthflow_engine.models.baselines import baseline_inputs, predict_baseline
from breadthflow_engine.models.saved import MODEL_FILE, SavedModel
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.steps.judge.gate import Gate
from breadthflow_engine.steps.judge.settings import LEAK_DAYS, LOOK_AHEAD_CUTS
from breadthflow_engine.validation import Target, make_labels

KEY = ["symbol", "date"]
_TESTED_ROWS = 500


def run_leak_tests(inputs: Mapping[str, Artifact], target: Target, seed: int) -> list[LeakTest]:
    """Put all detectors to what the steps before left. The days looked at are drawn by `seed`."""
    return audit(_subject(inputs, target, seed))


def leaks_gate(tests: Sequence[LeakTest]) -> Gate:
    """All deciding detectors in one."""
    run = [test for test in tests if test.decides and test.evidence is not None]
    failed = [test for test in run if not test.passed]
    found = "".join(f" {test.label}: not so ({'; '.join(test.where[:3])})." for test in failed)
    return Gate(
        name="leaks",
        label="Nothing sees the future",
        value=float(len(failed)),
        threshold=0.0,
        interval=None,
        passed=not failed,
        decides=True,
        meaning=(
            f"How many of {len(run)} tests for leaks fail: of features, labels, folds, fits, fills "
            f"and data.{found}"
        ),
    )


def choose_cuts(days: pl.Series, lookback: int, seed: int) -> list[dt.date]:
    """Days to cut at, one drawn from each of equal parts of a stretch of the history.

    The stretch begins where every look-back is filled, or half-way if that is earlier, and is a
    third of what follows: a look-ahead shows at any cut with a future, and an early cut leaves
    the fewest bars to compute again. The last day has no future and is never drawn.
    """
    begin = min(lookback, (len(days) - 1) // 2)
    stretch = days[begin : max(begin + 1, begin + (len(days) - 1 - begin) // 3)]
    return _draw(stretch, LOOK_AHEAD_CUTS, seed)


def _draw(days: pl.Series, count: int, seed: int) -> list[dt.date]:
    rng = np.random.default_rng(seed)
    parts = np.array_split(np.arange(len(days)), count)
    return [days[int(rng.choice(part))] for part in parts if len(part)]


def _subject(inputs: Mapping[str, Artifact], target: Target, seed: int) -> Subject:
    made_with = inputs["features"].manifest.made_by.params
    span = {name: made_with[name] for name in ("start", "end", "symbols") if made_with.get(name)}
    bars = load_bars(inputs["bars"], inputs.get("check"), **span).collect()
    specs = _selected(inputs)
    source = inputs["features"].file("features.parquet")
    days = pl.scan_parquet(source).select(pl.col("date").unique().sort()).collect()["date"]
    cuts = choose_cuts(days, max((spec.lookback for spec in specs), default=1), seed)
    drawn = sorted({*cuts, *_draw(days, LEAK_DAYS, seed)})
    wanted = pl.Series("date", drawn, dtype=days.dtype)
    names = [spec.name for spec in specs]
    features = (
        pl.scan_parquet(source)
        .select(*KEY, *names)
        .filter(pl.col("date").is_in(wanted.implode()))
        .collect()
    )
    labels = make_labels(bars.lazy(), target)
    attributes = load_attributes(inputs["bars"])
    folds = _folds(inputs["train"], labels)
    return Subject(
        target=target,
        bars=bars,
        labels=labels,
        features=features,
        specs=specs,
        attributes=attributes,
        cuts=tuple(cuts),
        pipeline=_pipeline(inputs["train"], specs, attributes, features, cuts[-1]),
        folds=folds,
        fitted=_fitted(inputs["train"], target, bars, labels, folds),
        adjustments=_adjustments(inputs.get("check")),
        fills=_table(inputs["backtest"], "trades.parquet"),
    )


def _selected(inputs: Mapping[str, Artifact]) -> tuple[FeatureSpec, ...]:
    chosen = set(json.loads(inputs["select"].file("selection.json").read_text("utf-8"))["final"])
    catalogue = json.loads(inputs["features"].file("catalogue.json").read_text("utf-8"))
    return tuple(
        FeatureSpec(entry["name"], entry["expression"], entry["lookback"])
        for entry in catalogue
        if entry["name"] in chosen
    )


def _pipeline(
    train: Artifact,
    specs: tuple[FeatureSpec, ...],
    attributes: pl.DataFrame | None,
    features: pl.DataFrame,
    cut: dt.date,
) -> Pipeline | None:
    """The final model, which is what would be deployed: what it says from the features that the
    run made, and from bars as they were on the evening of a day."""
    folder = train.path / "model"
    if not (folder / MODEL_FILE).exists():
        return None
    model = SavedModel.load(folder)

    def predicted(table: pl.DataFrame) -> pl.DataFrame:
        rows = table.select(model.features).cast(pl.Float32).fill_null(float("nan")).to_numpy()
        rows = np.where(np.isinf(rows), np.nan, rows)
        return table.select(KEY).with_columns(pl.Series("prediction", model.predict(rows)))

    def predict(bars: pl.LazyFrame, day: dt.date) -> pl.DataFrame:
        table = compile_features(bars, list(specs), attributes).filter(pl.col("date") == day)
        return predicted(table.collect(engine="in-memory")).select("symbol", "prediction")

    told = predicted(features.filter(pl.col("date") == cut))
    return Pipeline(predict, told, days=(cut,))


def _folds(train: Artifact, labels: pl.DataFrame) -> tuple[FoldRows, ...]:
    found = train.path / "folds.json"
    if not found.exists():
        return ()
    rows = labels.select("symbol", "date", "label_end")

    def day(fold: dict[str, Any], name: str) -> dt.date:
        return dt.date.fromisoformat(fold[name])

    return tuple(
        FoldRows(
            index=fold["fold"],
            train=rows.filter(
                pl.col("date").is_between(day(fold, "train_start"), day(fold, "train_end"))
                & (pl.col("label_end") <= day(fold, "purge_end"))
            ),
            test=rows.filter(
                pl.col("date").is_between(day(fold, "test_start"), day(fold, "test_end"))
            ),
            embargo=fold["embargo_days"],
            trained=fold["train_rows"],
        )
        for fold in json.loads(found.read_text("utf-8"))
    )


def _fitted(
    train: Artifact,
    target: Target,
    bars: pl.DataFrame,
    labels: pl.DataFrame,
    folds: tuple[FoldRows, ...],
) -> tuple[Fitted, ...]:
    """The baseline that is fitted in each fold, by what it predicted in the last one."""
    predictions = _table(train, "predictions.parquet")
    if not folds or predictions is None or "baseline_har" not in predictions.columns:
        return ()
    fold = folds[-1]
    rows = labels.join(baseline_inputs(bars.lazy(), target).collect(), on=KEY, how="inner")
    told = (
        predictions.filter(pl.col("fold") == fold.index)
        .select(*KEY, "baseline_har")
        .join(rows, on=KEY, how="inner")
        .head(_TESTED_ROWS)
    )

    def fit(own: pl.DataFrame) -> np.ndarray:
        return predict_baseline("har", own, own["label"].to_numpy(), told)

    return (Fitted("baseline har", fold.index, told["baseline_har"].to_numpy(), rows, fit),)


def _adjustments(check: Artifact | None) -> pl.DataFrame | None:
    if check is None:
        return None
    return (
        pl.read_parquet(check.file("actions.parquet"))
        .filter(pl.col("action") == "scale_before")
        .select("symbol", "date", pl.col("value").alias("factor"))
    )


def _table(artifact: Artifact, name: str) -> pl.DataFrame | None:
    path: Path = artifact.path / name
    return pl.read_parquet(path) if path.exists() else None

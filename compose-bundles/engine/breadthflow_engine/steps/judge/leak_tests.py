"""What the leak detectors are given of a run, and the gate that their answers make."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from breadthflow_engine.bars import load_attributes, load_bars
from breadthflow_engine.language import FeatureSpec
from breadthflow_engine.leaks.audit import audit
from breadthflow_engine.leaks.leak_test import LeakTest
from breadthflow_engine.leaks.subject import Subject
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.steps.judge.fold_rows import fold_rows, groups_of
from breadthflow_engine.steps.judge.gate import Gate
from breadthflow_engine.steps.judge.kept_fold import KeptFold
from breadthflow_engine.steps.judge.remade import baselines_again, members_again, picks
from breadthflow_engine.steps.judge.settings import LEAK_DAYS, LOOK_AHEAD_CUTS
from breadthflow_engine.validation import Target, make_labels

KEY = ["symbol", "date"]


def run_leak_tests(inputs: Mapping[str, Artifact], target: Target, seed: int) -> list[LeakTest]:
    """Put all detectors to what the steps before left. The days looked at are drawn by `seed`."""
    return audit(_subject(inputs, target, seed))


def leaks_gate(tests: Sequence[LeakTest]) -> Gate:
    """All deciding detectors in one. Where none could be put there is no answer, and no pass."""
    run = [test for test in tests if test.decides and test.evidence is not None]
    failed = [test for test in run if not test.passed]
    found = "".join(f" {test.label}: not so ({'; '.join(test.where[:3])})." for test in failed)
    return Gate(
        name="leaks",
        label="Nothing sees the future",
        value=float(len(failed)) if run else None,
        threshold=0.0,
        interval=None,
        passed=bool(run) and not failed,
        decides=True,
        meaning=(
            f"How many of {len(run)} tests for leaks fail: of features, labels, folds, fits, fills "
            f"and data.{found}"
            if run
            else "How many tests for leaks fail; absent, because the steps before left nothing "
            "that could be tested."
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
    train, source = inputs["train"], inputs["features"].file("features.parquet")
    catalogue = _catalogue(inputs["features"])
    chosen = set(json.loads(inputs["select"].file("selection.json").read_text("utf-8"))["final"])
    specs = tuple(spec for spec in catalogue if spec.name in chosen)
    days = pl.scan_parquet(source).select(pl.col("date").unique().sort()).collect()["date"]
    cuts = choose_cuts(days, max((spec.lookback for spec in specs), default=1), seed)
    drawn = sorted({*cuts, *_draw(days, LEAK_DAYS, seed)})
    wanted = pl.Series("date", drawn, dtype=days.dtype)
    features = (
        pl.scan_parquet(source)
        .select(*KEY, *(spec.name for spec in specs))
        .filter(pl.col("date").is_in(wanted.implode()))
        .collect()
    )
    labels = make_labels(bars.lazy(), target)
    attributes = load_attributes(inputs["bars"])
    folds = fold_rows(train, labels)
    kept = KeptFold.read(train, catalogue, attributes, folds)
    return Subject(
        target=target,
        bars=bars,
        labels=labels,
        features=features,
        specs=specs,
        attributes=attributes,
        cuts=tuple(cuts),
        pipeline=kept and kept.pipeline(seed),
        folds=folds,
        fitted=(
            *baselines_again(train, target, bars, labels, folds),
            *(members_again(kept, source, labels, folds) if kept else ()),
        ),
        picks=picks(train, days.dtype),
        adjustments=_adjustments(inputs.get("check")),
        fills=_table(inputs["backtest"], "trades.parquet"),
        groups=groups_of(train, labels, attributes),
    )


def _catalogue(features: Artifact) -> tuple[FeatureSpec, ...]:
    return tuple(
        FeatureSpec(entry["name"], entry["expression"], entry["lookback"])
        for entry in json.loads(features.file("catalogue.json").read_text("utf-8"))
    )


def _adjustments(check: Artifact | None) -> pl.DataFrame | None:
    if check is None:
        return None
    return (
        pl.read_parquet(check.file("actions.parquet"))
        .filter(pl.col("action") == "scale_before")
        .select("symbol", "date", pl.col("value").alias("factor"))
    )


def _table(artifact: Artifact, name: str) -> pl.DataFrame | None:
    path = artifact.path / name
    return pl.read_parquet(path) if path.exists() else None

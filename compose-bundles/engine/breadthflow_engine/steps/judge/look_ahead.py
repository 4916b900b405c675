"""The gate that recomputes the chosen features on data cut at t."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from breadthflow_engine.bars import load_attributes, load_bars
from breadthflow_engine.language import FeatureSpec, look_ahead_test
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.steps.judge.gate import Gate
from breadthflow_engine.steps.judge.settings import LOOK_AHEAD_CUTS


@dataclass(frozen=True)
class LookAhead:
    """Which features were recomputed at which cuts, and which changed: (feature, date)."""

    features: list[str]
    cuts: list[str]
    leaks: list[tuple[str, str]]

    def as_json(self) -> dict[str, Any]:
        return {
            "features": self.features,
            "cuts": self.cuts,
            "leaks": [{"feature": name, "date": date} for name, date in self.leaks],
        }


def run_look_ahead_test(inputs: Mapping[str, Artifact], seed: int) -> LookAhead:
    """Recompute the finally selected features on bars cut at a few days drawn by `seed`, and
    compare them with the features artifact that the models were trained on."""
    features = inputs["features"]
    chosen = set(json.loads(inputs["select"].file("selection.json").read_text("utf-8"))["final"])
    catalogue = json.loads(features.file("catalogue.json").read_text("utf-8"))
    specs = [
        FeatureSpec(entry["name"], entry["expression"], entry["lookback"])
        for entry in catalogue
        if entry["name"] in chosen
    ]
    made_with = features.manifest.made_by.params
    span = {name: made_with[name] for name in ("start", "end", "symbols") if made_with.get(name)}
    bars = load_bars(inputs["bars"], inputs.get("check"), **span)
    full = pl.scan_parquet(features.file("features.parquet"))
    days = full.select(pl.col("date").unique().sort()).collect()["date"]
    cuts = choose_cuts(days, max((spec.lookback for spec in specs), default=1), seed)
    leaks = look_ahead_test(bars, specs, load_attributes(inputs["bars"]), cuts, full=full)
    return LookAhead(
        features=[spec.name for spec in specs],
        cuts=[str(cut) for cut in cuts],
        leaks=[(leak.feature, str(leak.date)) for leak in leaks],
    )


def choose_cuts(days: pl.Series, lookback: int, seed: int) -> list[dt.date]:
    """Days to cut at, one drawn from each of equal parts of a stretch of the history.

    The stretch begins where every look-back is filled, or half-way if that is earlier, and is a
    third of what follows: a look-ahead shows at any cut with a future, and an early cut leaves
    the fewest bars to compute again. The last day has no future and is never drawn.
    """
    begin = min(lookback, (len(days) - 1) // 2)
    stretch = days[begin : max(begin + 1, begin + (len(days) - 1 - begin) // 3)]
    rng = np.random.default_rng(seed)
    parts = np.array_split(np.arange(len(stretch)), LOOK_AHEAD_CUTS)
    return [stretch[int(rng.choice(part))] for part in parts if len(part)]


def look_ahead_gate(test: LookAhead) -> Gate:
    leaking = sorted({name for name, _ in test.leaks})
    found = f" Changed: {', '.join(leaking[:5])}." if leaking else ""
    return Gate(
        name="look_ahead",
        label="No feature sees the future",
        value=float(len(leaking)),
        threshold=0.0,
        interval=None,
        passed=not leaking,
        decides=True,
        meaning=(
            f"How many of the {len(test.features)} selected features change when they are "
            f"computed again from data cut at {', '.join(test.cuts)}.{found}"
        ),
    )

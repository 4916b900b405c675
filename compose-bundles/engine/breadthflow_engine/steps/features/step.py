"""Bars to `features.parquet` and `catalogue.json`."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter

import polars as pl

from breadthflow_engine.bars import load_attributes, load_bars
from breadthflow_engine.language import check_features, compile_features
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Outcome, Step, StepContext
from breadthflow_engine.steps.features.chosen import choose_features
from breadthflow_engine.steps.features.params import FeaturesParams

FEATURES_FILE = "features.parquet"
CATALOGUE_FILE = "catalogue.json"


def run(params: FeaturesParams, context: StepContext) -> Outcome:
    """Make every feature of every bar.

    Leaves `features.parquet` (symbol, date, one Float32 column a feature, sorted by symbol and
    date; null where the look-back is not filled) and `catalogue.json`.

    Raises:
        StepError: as `choose_features` and `compile_features`; `features.no_bars_left` if the
            universe has no bars.
    """
    emit = context.emit
    emit.progress(0.02, "Reading the features' definitions")
    attributes = load_attributes(context.inputs["bars"])
    if attributes is None and "sector" in params.families:
        emit.log(
            "No sectors are known, so the sector family is left out.",
            level="warning",
            family="sector",
        )
    specs = choose_features(params.families, params.add, sectors=attributes is not None)
    checked = check_features(specs)
    bars = load_bars(
        context.inputs["bars"],
        context.inputs.get("check"),
        start=params.start,
        end=params.end,
        symbols=params.symbols,
    )
    emit.progress(0.1, f"Making {len(specs)} features", done=0, total=len(specs), unit="features")
    # The streaming engine cuts a table into batches, which windows and ranks would glue together.
    table = compile_features(bars, checked, attributes).collect(engine="in-memory")
    if table.is_empty():
        raise StepError(
            "features.no_bars_left",
            "The universe of the idea has no bars.",
            "Widen universe.from, universe.to or universe.symbols.",
            field="universe",
        )
    emit.progress(0.8, "Writing the table", done=len(specs), total=len(specs), unit="features")
    table.write_parquet(
        context.output / FEATURES_FILE, compression="zstd", compression_level=1, statistics=False
    )
    catalogue = [dataclasses.asdict(spec) for spec in specs]
    (context.output / CATALOGUE_FILE).write_text(json.dumps(catalogue, indent=1), encoding="utf-8")
    emit.progress(1.0, f"{len(specs)} features of {table.height:,} bars")
    return Outcome(
        kind="features",
        summary=_summary(table, [spec.family for spec in specs], attributes is not None),
        rows=table.height,
        columns={name: str(dtype) for name, dtype in table.schema.items()},
    )


def _summary(table: pl.DataFrame, families: list[str], sectors: bool) -> dict[str, object]:
    return {
        "made": len(families),
        "rows": table.height,
        "symbols": table["symbol"].n_unique(),
        "first": str(table["date"].min()),
        "last": str(table["date"].max()),
        "families": dict(Counter(families)),
        "sectors_known": sectors,
    }


STEP: Step[FeaturesParams] = Step(
    name="features",
    version="1",
    params=FeaturesParams,
    run=run,
    inputs=("bars", "check?"),
    code=("breadthflow_engine.bars", "breadthflow_engine.language"),
)

"""A small market with volatility that persists, and what the steps before train leave of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from pydantic import BaseModel

from breadthflow_engine.protocol.step import Artifact, Outcome, Step, StepContext
from breadthflow_engine.steps.ingest import STEP as INGEST

FEATURES = ("range_5", "range_21", "move_5", "noise")


def market(symbols: int, days: int) -> pl.DataFrame:
    random = np.random.default_rng(11)
    frames = []
    for number in range(symbols):
        steps = random.normal(0, 0.25, days)
        level = np.zeros(days)
        for t in range(1, days):
            level[t] = 0.95 * level[t - 1] + steps[t]
        volatility = 0.01 * np.exp(0.5 * level)
        close = 50 * np.exp((random.normal(size=days) * volatility).cumsum())
        spread = np.exp(np.abs(random.normal(size=days)) * volatility)
        frames.append(
            pl.DataFrame(
                {
                    "symbol": [f"S{number:02}"] * days,
                    "date": [dt.date(2020, 1, 1) + dt.timedelta(days=i) for i in range(days)],
                    "open": close,
                    "high": close * spread,
                    "low": close / spread,
                    "close": close,
                    "volume": random.integers(1000, 9000, days).astype(float),
                }
            )
        )
    return pl.concat(frames)


def features_of(bars: pl.DataFrame) -> pl.DataFrame:
    span = (pl.col("high") / pl.col("low")).log()
    move = pl.col("close").log().diff().abs()
    noise = np.random.default_rng(5).normal(size=bars.height)
    return bars.select(
        "symbol",
        "date",
        span.rolling_mean(5).log().over("symbol").cast(pl.Float32).alias("range_5"),
        span.rolling_mean(21).log().over("symbol").cast(pl.Float32).alias("range_21"),
        move.rolling_mean(5).over("symbol").cast(pl.Float32).alias("move_5"),
        pl.Series("noise", noise).cast(pl.Float32),
    )


class Nothing(BaseModel):
    pass


def leaving(kind: str, name: str, write: Callable[[Path], None]) -> Step[Nothing]:
    """A step in place of the real one of that name: it leaves one file."""

    def run(_: Nothing, context: StepContext) -> Outcome:
        write(context.output / name)
        return Outcome(kind=kind, summary={})

    return Step(name=kind, version="1", params=Nothing, run=run)


@pytest.fixture(scope="session")
def before_train(run_step, tmp_path_factory) -> Callable[..., dict[str, Artifact]]:
    """`before_train(symbols, days, folds, splits) -> inputs` of the train step."""

    def make(
        symbols: int = 20,
        days: int = 320,
        folds: int = 3,
        splits: int = 0,
        kept: tuple[str, ...] = FEATURES,
        final: tuple[str, ...] = FEATURES,
    ) -> dict[str, Artifact]:
        folder = tmp_path_factory.mktemp("before-train")
        bars = market(symbols, days)
        bars.write_parquet(folder / "bars.parquet")
        ingested = run_step(
            INGEST,
            {"name": "small"},
            sources={"source": [folder / "bars.parquet"]},
            places={"table": folder / "table"},
        )
        selection = {
            "final": list(final),
            "folds": [{"fold": fold, "kept": list(kept)} for fold in range(folds)],
            "splits": [{"split": split, "kept": list(kept)} for split in range(splits)],
            "features": [],
        }
        features = leaving("features", "features.parquet", features_of(bars).write_parquet)
        select = leaving(
            "selection", "selection.json", lambda path: _write(path, json.dumps(selection))
        )
        return {"bars": ingested, "features": run_step(features), "select": run_step(select)}

    return make


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")

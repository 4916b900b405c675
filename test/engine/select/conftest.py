"""A market whose volatility differs and persists, and features of known worth on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from pydantic import BaseModel

from breadthflow_engine.protocol.step import Artifact, Outcome, Step, StepContext
from breadthflow_engine.steps.ingest import STEP as INGEST

SYMBOLS = 30
DAYS = 400
Make = Callable[[pl.DataFrame], dict[str, Artifact]]


class Nothing(BaseModel):
    pass


def market() -> pl.DataFrame:
    random = np.random.default_rng(5)
    days = [dt.date(2020, 1, 1) + dt.timedelta(days=i) for i in range(DAYS)]
    frames = []
    for number in range(SYMBOLS):
        level = np.zeros(DAYS)
        for t in range(1, DAYS):
            level[t] = 0.97 * level[t - 1] + random.normal(0, 0.2)
        volatility = 0.01 * np.exp(0.5 * level)
        close = 50 * np.exp((random.normal(size=DAYS) * volatility).cumsum())
        frames.append(
            pl.DataFrame(
                {
                    "symbol": [f"S{number:02}"] * DAYS,
                    "date": days,
                    "open": close,
                    "high": close * 1.01,
                    "low": close * 0.99,
                    "close": close,
                    "volume": [1000.0] * DAYS,
                    "level": level,
                }
            )
        )
    return pl.concat(frames)


@pytest.fixture(scope="session")
def panel() -> pl.DataFrame:
    """Bars, and features by what should become of them."""
    bars = market()
    random = np.random.default_rng(6)
    noise = pl.Series(random.normal(size=bars.height))
    other = pl.Series(random.normal(size=bars.height))
    day = (pl.col("date") - pl.col("date").min()).dt.total_days()
    number = pl.col("symbol").str.tail(2).cast(pl.Int32)
    level = pl.col("level")
    return bars.with_columns(
        strong=level,
        strong_again=level.exp(),  # the same ranks
        strong_nearly=level + 0.1 * noise,
        level_of_yesterday=level.shift(3).over("symbol") + 0.5 * other,
        constant=pl.lit(1.0),
        month=pl.col("date").dt.month(),
        month_again=pl.col("date").dt.month() * 2 + 1,
        rare=pl.when(day % 10 == 0).then(level),
        turncoat=pl.when(day % 160 < 80).then(level).otherwise(-level) + noise,
        almost_constant=pl.when(number == 3).then(noise).otherwise(7.0),
        noise=noise,
    )


@pytest.fixture(scope="session")
def before_select(run_step: Any, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """`before_select(panel) -> inputs` of the select step."""

    def make(panel: pl.DataFrame) -> dict[str, Artifact]:
        folder = tmp_path_factory.mktemp("before-select")
        columns = ["symbol", "date", "open", "high", "low", "close", "volume"]
        panel.select(columns).write_parquet(folder / "bars.parquet")
        ingested = run_step(
            INGEST,
            {"name": "small"},
            sources={"source": [folder / "bars.parquet"]},
            places={"table": (folder / "table").as_uri()},
        )
        features = panel.drop(columns[2:]).drop("level", strict=False)
        table = features.with_columns(pl.exclude("symbol", "date").cast(pl.Float32))

        def run(_: Nothing, context: StepContext) -> Outcome:
            table.write_parquet(Path(context.output) / "features.parquet")
            return Outcome(kind="features", summary={})

        step = Step(name="features", version="1", params=Nothing, run=run)
        return {"bars": ingested, "features": run_step(step)}

    return make

"""Panels of bars, clean or spoilt, and checking them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from exchange_calendars import get_calendar

from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.steps.check import STEP as CHECK
from breadthflow_engine.steps.ingest import STEP as INGEST


@dataclass(frozen=True)
class Checked:
    """What check said of some bars."""

    bars: Artifact
    check: Artifact

    @property
    def findings(self) -> pl.DataFrame:
        return pl.read_parquet(self.check.file("findings.parquet"))

    def of(self, rule: str) -> pl.DataFrame:
        return self.findings.filter(pl.col("rule") == rule)

    @property
    def rules(self) -> set[str]:
        return set(self.check.summary["by_rule"])


@cache
def _sessions() -> pl.Series:
    days = get_calendar("XNYS", start="2010-01-04", end="2016-12-30").sessions.date
    return pl.Series("date", list(days))


def clean_panel(
    seed: int,
    symbols: int = 40,
    days: int = 750,
    *,
    tails: float = 4.0,
    volatility: float = 0.02,
    overnight: float = 0.5,
) -> pl.DataFrame:
    """A panel without a fault: fat-tailed returns around a common factor, on the XNYS calendar.

    Args:
        tails: degrees of freedom of Student's t.
        volatility: standard deviation of the daily log return of one symbol.
        overnight: part of each return that falls between the close and the next open.
    """
    chance = np.random.default_rng(seed)
    unit = np.sqrt(tails / (tails - 2))
    shape = (symbols, days)
    market = chance.standard_t(tails, (1, days)) * 0.4 * volatility / unit
    own = chance.standard_t(tails, shape) * 0.9 * volatility / unit
    returns = market + own
    close = 50 * np.exp(np.cumsum(returns, axis=1))
    before = np.concatenate([np.full((symbols, 1), 50.0), close[:, :-1]], axis=1)
    jitter = np.exp(chance.normal(0, 0.2 * volatility, shape))
    opened = before * np.exp(returns * overnight) * jitter
    high = np.maximum(opened, close) * np.exp(np.abs(chance.normal(0, 0.4 * volatility, shape)))
    low = np.minimum(opened, close) * np.exp(-np.abs(chance.normal(0, 0.4 * volatility, shape)))
    volume = chance.lognormal(14, 0.5, shape).round()
    return pl.DataFrame(
        {
            "symbol": np.repeat([f"S{number:03d}" for number in range(symbols)], days),
            "date": pl.concat([_sessions()[:days]] * symbols),
            "open": opened.ravel(),
            "high": high.ravel(),
            "low": low.ravel(),
            "close": close.ravel(),
            "volume": volume.ravel(),
        }
    )


@pytest.fixture
def panel() -> Callable[..., pl.DataFrame]:
    return clean_panel


@pytest.fixture
def checked(run_step: Callable[..., Artifact], tmp_path: Path) -> Callable[..., Checked]:
    """`checked(frame_or_path, **params)`: ingest, then check."""
    count = 0

    def run(source: pl.DataFrame | Path, **params: Any) -> Checked:
        nonlocal count
        count += 1
        if isinstance(source, pl.DataFrame):
            path = tmp_path / f"panel-{count}.parquet"
            source.write_parquet(path)
        else:
            path = source
        bars = run_step(
            INGEST,
            {"name": "panel"},
            sources={"source": [path]},
            places={"table": str(tmp_path / f"table-{count}")},
        )
        return Checked(bars, run_step(CHECK, params, inputs={"bars": bars}))

    return run

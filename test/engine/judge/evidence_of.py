"""Evidence of a chosen mean and scatter, without the steps that would have made it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.steps.judge.evidence import Evidence

Floats = NDArray[np.float64]


def scattered(days: int, mean: float, scatter: float, seed: int = 1) -> Floats:
    """Independent values with exactly this mean and standard deviation."""
    noise = np.random.default_rng(seed).normal(0, 1, days)
    return mean + scatter * (noise - noise.mean()) / noise.std(ddof=1)


def evidence_of(ic: Floats, returns: Floats, **other: Any) -> Evidence:
    """A model and a book; beside them there is a baseline that knows nothing, unless said
    otherwise, and nothing was traded."""
    days = len(ic)
    dates = [dt.date(2015, 1, 1) + dt.timedelta(days=day) for day in range(days)]
    found: dict[str, Any] = {
        "days": pl.DataFrame({"date": dates}),
        "fold": np.arange(days) * 6 // days,
        "model_ic": ic,
        "baseline": "sign",
        "baseline_ic": np.zeros(days),
        "trial_ic": np.empty((days, 0)),
        "accuracy": None,
        "returns": returns,
        "benchmark_returns": np.zeros(len(returns)),
        "cost_rate": None,
        "turnover": 0.0,
        "trading_cost": np.zeros(len(returns)),
        "trials": 1,
    }
    return Evidence(**{**found, **other})


def traded(gross: Floats, cost_rate: float, turnover: float = 0.4, **other: Any) -> Evidence:
    """A book that trades `turnover` of its equity each day at `cost_rate`; its model is as good as
    needed for the gates on predictions."""
    cost = np.full(len(gross), turnover * cost_rate)
    found = {"cost_rate": cost_rate, "turnover": turnover, "trading_cost": cost, **other}
    return evidence_of(scattered(len(gross), 0.05, 0.05), gross - cost, **found)

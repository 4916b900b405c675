"""The daily rank ICs as short series, in JSON, for readers without a table library."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

BASELINE = "baseline_"
BINS = 40


def ic_series(daily: pl.DataFrame) -> dict[str, Any]:
    """The `ic.json` of a table like `ic.parquet`: date, fold, model, baseline_<name>....

    Returns:
        `by_month`: `month` (first day), `model`, `baselines` {name: values}: means of the daily
        rank IC, null in a month without any. `distribution`: `edges` (n + 1), and how many days
        fall between two: `model` (n), `baselines` {name: counts}.
    """
    names = [name for name in daily.columns if name.startswith(BASELINE)]
    known = daily.select("date", pl.col("model", *names).cast(pl.Float64).fill_nan(None))
    return {"by_month": _by_month(known, names), "distribution": _distribution(known, names)}


def _by_month(daily: pl.DataFrame, names: list[str]) -> dict[str, Any]:
    months = (
        daily.group_by(pl.col("date").dt.truncate("1mo").cast(pl.Date).alias("month"))
        .agg(pl.col("model", *names).mean().round(5))
        .sort("month")
    )
    return {
        "month": [str(month) for month in months["month"]],
        "model": months["model"].to_list(),
        "baselines": {name.removeprefix(BASELINE): months[name].to_list() for name in names},
    }


def _distribution(daily: pl.DataFrame, names: list[str]) -> dict[str, Any]:
    values = {name: daily[name].drop_nulls().to_numpy() for name in ("model", *names)}
    every = np.concatenate(list(values.values()))
    # The same bins for all, so that they can be laid over each other.
    edges = np.histogram_bin_edges(every, bins=BINS) if every.size else np.empty(0)
    counts = {
        name: np.histogram(own, bins=edges)[0].tolist() if every.size else []
        for name, own in values.items()
    }
    return {
        "edges": edges.round(6).tolist(),
        "model": counts.pop("model"),
        "baselines": {name.removeprefix(BASELINE): own for name, own in counts.items()},
    }

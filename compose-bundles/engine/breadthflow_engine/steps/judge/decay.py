"""How long a prediction stays good, and what is left of it after trading on it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl

from breadthflow_engine.metrics import DailyRankIC
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.statistics import (
    adjusted_p_values,
    mean_test,
    rank_autocorrelation,
    turnover_adjusted_ic,
)
from breadthflow_engine.steps.judge.panel import PredictedPanel
from breadthflow_engine.validation import Target, make_labels

HORIZONS = (1, 5, 21, 63)
"""Bars: a day, a week, a month, a quarter."""


def ic_decay(
    panel: PredictedPanel, bars: pl.LazyFrame, target: Target, cost_rate: float | None
) -> dict[str, Any]:
    """The `ic_decay` section of `statistics.json`.

    The same predictions are ranked against the label of each horizon; the intervals are of a mean
    test with blocks of twice the horizon at least. Whoever looks at several horizons finds the
    luckiest, so the p-values of "the mean is zero or less" are adjusted for all of them (Holm).

    Args:
        bars: of the days and symbols that were predicted, and of those after them.
        cost_rate: of a traded notional, a fraction; None if the backtest has none.
    """
    section: dict[str, Any] = {"unit": "bars", "target": target.horizon}
    first = panel.rows["date"].min()
    closes = bars.filter(pl.col("date") >= first).select("symbol", "date", "close").collect()
    lines = [
        (horizon, *_line(panel, closes.lazy(), target, horizon))
        for horizon in sorted({*HORIZONS, target.horizon})
    ]
    for place, name in enumerate(("horizon", "ic", "lower", "upper")):
        section[name] = [line[place] for line in lines]
    p_values = [math.nan if line[4] is None else line[4] for line in lines]
    section["adjusted_p_value"] = [
        None if math.isnan(value) else value for value in adjusted_p_values(p_values, "holm")
    ]
    own = next(line[1] for line in lines if line[0] == target.horizon)
    return {**section, **_after_costs(panel, target, own, cost_rate)}


def _line(
    panel: PredictedPanel, bars: pl.LazyFrame, target: Target, horizon: int
) -> tuple[float | None, float | None, float | None, float | None]:
    try:
        labels = make_labels(bars, Target(kind=target.kind, horizon=horizon))
    except StepError:
        # The history is shorter than this horizon.
        return None, None, None, None
    rows = panel.rows.join(labels, on=["symbol", "date"], how="inner", maintain_order="left")
    if rows.is_empty():
        return None, None, None, None
    daily = DailyRankIC(rows["date"].to_physical().to_numpy(), rows["label"].to_numpy())
    found = mean_test(daily(rows["prediction"].to_numpy()), 2.0 * horizon)
    return found.mean, found.lower, found.upper, found.p_value


def _after_costs(
    panel: PredictedPanel, target: Target, ic: float | None, cost_rate: float | None
) -> dict[str, Any]:
    autocorrelation = rank_autocorrelation(panel.prediction, target.horizon)
    section: dict[str, Any] = {
        "autocorrelation": autocorrelation,
        "adjusted_ic": None,
        "turnover": None,
        "cost_ic": None,
    }
    if target.kind not in ("forward_return", "excess_return"):
        kind = target.kind.replace("_", " ")
        return {**section, "reason": f"a {kind} is not a return that a trade could earn"}
    if ic is None or autocorrelation is None or cost_rate is None:
        return {**section, "reason": "IC, autocorrelation or costs are not known"}
    enough = np.isfinite(panel.label).sum(axis=1) > 1
    dispersion = float(np.nanstd(panel.label[enough], axis=1, ddof=1).mean())
    found = turnover_adjusted_ic(ic, autocorrelation, dispersion, cost_rate)
    return {
        **section,
        "adjusted_ic": found.value,
        "turnover": found.turnover,
        "cost_ic": found.cost,
        "reason": found.reason,
    }

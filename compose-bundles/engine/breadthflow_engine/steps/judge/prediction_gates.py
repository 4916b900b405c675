"""Gates on the predictions alone: do they rank the symbols, and better than something simple?"""

from __future__ import annotations

import numpy as np

from breadthflow_engine.statistics import block_bootstrap_interval, optimal_block_length
from breadthflow_engine.statistics.bootstrap import Interval
from breadthflow_engine.steps.judge.evidence import Evidence, Series
from breadthflow_engine.steps.judge.gate import Gate
from breadthflow_engine.steps.judge.settings import (
    CONFIDENCE,
    IMPLAUSIBLE_ACCURACY,
    IMPLAUSIBLE_RETURN_IC,
    IMPLAUSIBLE_VOLATILITY_IC,
    REPLICATES,
    Gates,
)


def block_for(series: Series, horizon: int) -> float:
    """Block length for daily ICs of labels that reach `horizon` bars ahead.

    Neighbouring labels share horizon - 1 returns, so blocks are twice that long at least, and
    longer where the series itself remembers longer.
    """
    return max(2.0 * horizon, optimal_block_length(series))


def _interval(series: Series, horizon: int, seed: int) -> Interval | None:
    if len(series) < 2:
        return None
    return block_bootstrap_interval(
        series, block_for(series, horizon), level=CONFIDENCE, replicates=REPLICATES, seed=seed
    )


def _bounds(interval: Interval | None) -> tuple[float, float] | None:
    return None if interval is None else (interval.lower, interval.upper)


def rank_ic_gate(evidence: Evidence, horizon: int, seed: int) -> Gate:
    interval = _interval(evidence.model_ic, horizon, seed)
    return Gate(
        name="rank_ic",
        label="Rank IC above zero",
        value=float(evidence.model_ic.mean()),
        threshold=0.0,
        interval=_bounds(interval),
        passed=interval is not None and interval.lower > 0,
        decides=True,
        meaning=(
            f"Mean daily rank correlation of out-of-fold predictions with what happened, over "
            f"{len(evidence.model_ic)} days; passes if the whole 95 % interval "
            f"(stationary block bootstrap{_blocks(interval)}) is above 0."
        ),
    )


def lift_gate(evidence: Evidence, gates: Gates, horizon: int, seed: int) -> Gate:
    lift = evidence.model_ic - evidence.baseline_ic
    interval = _interval(lift, horizon, seed)
    value = float(lift.mean())
    against = "zero, as no baseline was fitted" if evidence.baseline is None else evidence.baseline
    return Gate(
        name="lift",
        label="Lift over the best baseline",
        value=value,
        threshold=gates.min_lift,
        interval=_bounds(interval),
        passed=value >= gates.min_lift and interval is not None and interval.lower > 0,
        decides=True,
        meaning=(
            f"Rank IC of the model less that of the best baseline ({against}), day by day; passes "
            f"if it is {gates.min_lift:g} or more and its whole 95 % interval is above 0."
        ),
    )


def folds_ahead_gate(evidence: Evidence, gates: Gates) -> Gate:
    folds = np.unique(evidence.fold)
    lift = evidence.model_ic - evidence.baseline_ic
    ahead = sum(bool(lift[evidence.fold == fold].mean() > 0) for fold in folds)
    return Gate(
        name="folds_ahead",
        label="Folds ahead of the baseline",
        value=ahead / len(folds),
        threshold=gates.min_folds_ahead,
        interval=None,
        passed=ahead / len(folds) >= gates.min_folds_ahead,
        decides=True,
        meaning=(
            f"Share of test windows in which the model's mean rank IC is above the best "
            f"baseline's: {ahead} of {len(folds)}."
        ),
    )


def implausible_accuracy_gate(evidence: Evidence, target_kind: str) -> Gate:
    """An alarm: passes while every measure stays below what only a leak can reach."""
    of_volatility = target_kind == "log_realised_volatility"
    limit = IMPLAUSIBLE_VOLATILITY_IC if of_volatility else IMPLAUSIBLE_RETURN_IC
    measures = [("rank IC", float(evidence.model_ic.mean()), limit)]
    if evidence.accuracy is not None:
        measures.append(("share of right directions", evidence.accuracy, IMPLAUSIBLE_ACCURACY))
    name, value, threshold = max(measures, key=lambda measure: measure[1] / measure[2])
    return Gate(
        name="implausible_accuracy",
        label="Not too good to be true",
        value=value,
        threshold=threshold,
        interval=None,
        passed=value <= threshold,
        decides=True,
        meaning=(
            f"The {name} is the measure nearest to its alarm level. Above {threshold:g} an honest "
            f"forecast from prices is not to be expected, a leak of the future is."
        ),
    )


def _blocks(interval: Interval | None) -> str:
    return "" if interval is None else f", mean block {interval.block:.0f} days"

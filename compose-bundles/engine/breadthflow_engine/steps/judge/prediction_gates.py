"""Gates on the predictions alone: do they rank the symbols, and better than something simple?"""

from __future__ import annotations

import math

import numpy as np

from breadthflow_engine.statistics import block_bootstrap_interval, optimal_block_length
from breadthflow_engine.statistics.bootstrap import Interval
from breadthflow_engine.steps.judge.changes import interval_change
from breadthflow_engine.steps.judge.evidence import Evidence, Series
from breadthflow_engine.steps.judge.gate import Gate
from breadthflow_engine.steps.judge.policy import Policy
from breadthflow_engine.steps.judge.settings import (
    CONFIDENCE,
    IMPLAUSIBLE_ACCURACY,
    IMPLAUSIBLE_RETURN_IC,
    IMPLAUSIBLE_VOLATILITY_IC,
    REPLICATES,
)
from breadthflow_engine.written import baseline_name, counted, decimal, fold_name


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


def rank_ic_gate(evidence: Evidence, policy: Policy, horizon: int, seed: int) -> Gate:
    limit = policy.rank_ic
    interval = _interval(evidence.model_ic, horizon, seed)
    value, bounds = float(evidence.model_ic.mean()), _bounds(interval)
    passed = bounds is not None and bounds[0] > limit.threshold
    days = len(evidence.model_ic)
    return Gate(
        name="rank_ic",
        label="Rank IC above zero",
        value=value,
        threshold=limit.threshold,
        interval=bounds,
        passed=passed,
        decides=limit.decides,
        meaning=(
            "Mean daily rank correlation of out-of-fold predictions with what happened, over "
            f"{counted(days, 'day')}; passes if the whole 95 % interval (stationary block "
            f"bootstrap{_blocks(interval)}) is above {limit.threshold:g}."
        ),
        would_change=interval_change(value, bounds, days, limit.threshold, passed),
    )


def lift_gate(evidence: Evidence, policy: Policy, horizon: int, seed: int) -> Gate:
    limit = policy.lift
    lift = evidence.model_ic - evidence.baseline_ic
    bounds = _bounds(_interval(lift, horizon, seed))
    value = float(lift.mean())
    passed = value >= limit.threshold and bounds is not None and bounds[0] > 0
    against = (
        "zero, as no baseline was fitted"
        if evidence.baseline is None
        else baseline_name(evidence.baseline)
    )
    change = interval_change(value, bounds, len(lift), 0.0, passed)
    if bounds is not None and bounds[0] > 0:
        # The interval is well: all hangs on the size of the lift.
        near = min(value - limit.threshold, bounds[0]) if passed else limit.threshold - value
        change = (
            f"It would fail if the lift were {decimal(near, 3)} lower."
            if passed
            else f"The rank IC would have to be {decimal(near, 3)} higher on the same days."
        )
    return Gate(
        name="lift",
        label="Lift over the best baseline",
        value=value,
        threshold=limit.threshold,
        interval=bounds,
        passed=passed,
        decides=limit.decides,
        meaning=(
            f"Rank IC of the model less that of the best baseline ({against}), day by day; passes "
            f"if it is {limit.threshold:g} or more and its whole 95 % interval is above 0."
        ),
        would_change=change,
    )


def folds_ahead_gate(evidence: Evidence, policy: Policy) -> Gate:
    limit = policy.folds_ahead
    folds = np.unique(evidence.fold)
    lift = evidence.model_ic - evidence.baseline_ic
    ahead, count = folds_ahead(evidence)
    # Rounded, so that 0.8 of 5 folds are 4 of them.
    needed = math.ceil(round(limit.threshold * count, 9))
    passed = ahead >= needed
    behind = [int(fold) for fold in folds if not lift[evidence.fold == fold].mean() > 0]
    change = (
        f"It would fail if {ahead - needed + 1} of the folds ahead fell behind."
        if passed
        else f"{needed - ahead} more of the folds would have to come out ahead; behind are "
        f"{', '.join(fold_name(fold) for fold in behind)}."
    )
    return Gate(
        name="folds_ahead",
        label="Folds ahead of the baseline",
        value=ahead / count,
        threshold=limit.threshold,
        interval=None,
        passed=passed,
        decides=limit.decides,
        meaning=(
            "Share of test windows in which the model's mean rank IC is above the best "
            f"baseline's: {ahead} of {count}."
        ),
        would_change=change if needed else "Nothing can: it asks for none.",
    )


def folds_ahead(evidence: Evidence) -> tuple[int, int]:
    """Folds in which the model is ahead of the baseline, and all of them."""
    folds = np.unique(evidence.fold)
    lift = evidence.model_ic - evidence.baseline_ic
    return sum(bool(lift[evidence.fold == fold].mean() > 0) for fold in folds), len(folds)


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
            f"The {name} is the measure nearest to its alarm level. Above {threshold:g} an "
            "honest forecast from prices is not to be expected, a leak of the future is."
        ),
        would_change=(
            f"It would fail above {threshold:g}, {decimal(threshold - value, 3)} higher."
            if value <= threshold
            else "Finding the leak and mending it; no policy can switch this alarm off."
        ),
    )


def _blocks(interval: Interval | None) -> str:
    return "" if interval is None else f", mean block {interval.block:.0f} days"

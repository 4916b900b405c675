"""Gates on luck: how many tries stand behind this result, and does picking the best one pay?"""

from __future__ import annotations

import math

from scipy.special import stdtrit

from breadthflow_engine.statistics import (
    EffectiveTrials,
    MeanTest,
    Overfitting,
    backtest_overfitting,
    effective_trials,
    mean_test,
)
from breadthflow_engine.steps.judge.evidence import Evidence
from breadthflow_engine.steps.judge.gate import Gate
from breadthflow_engine.steps.judge.policy import Policy
from breadthflow_engine.steps.judge.prediction_gates import block_for
from breadthflow_engine.written import counted, decimal, percent

MAX_LOSS = 0.05
"""Of the halves in which the picked trial may fall to the baseline or below, where trials are so
alike that their order is arbitrary."""


def trials_gate(evidence: Evidence, policy: Policy, horizon: int) -> Gate:
    """The lift, held against all trials that were made on the data set.

    The chance that the best of N independent worthless trials stays below is (1 - p)^N (Šidák
    1967), so the chance that a worthless idea passes is 5 % however many were tried.
    """
    limit = policy.trials
    lift = evidence.model_ic - evidence.baseline_ic
    found = mean_test(lift, block_for(lift, horizon))
    value = None
    if found.p_value is not None:
        # A p-value of 1 has no logarithm to take, and a chance of nothing.
        value = math.exp(evidence.trials * math.log1p(-min(found.p_value, 1 - 1e-16)))
    return Gate(
        name="trials",
        label="Lift beyond the luck of all trials",
        value=value,
        threshold=limit.threshold,
        interval=None,
        passed=value is not None and value >= limit.threshold,
        decides=limit.decides,
        meaning=(
            f"Chance that none of {counted(evidence.trials, 'worthless trial')}, the number run "
            "on this data set so far, would have shown as large a lift over the baseline by "
            "luck. Trials are taken to be independent, which errs on the strict "
            f"side{alike_told(evidence)}."
            + ("" if found.reason is None else f" It is absent: {found.reason}.")
        ),
        would_change=_trials_change(found, evidence.trials, limit.threshold),
    )


def alike(evidence: Evidence) -> EffectiveTrials:
    """What the trials of this run that were fitted on all folds amount to, by their lift."""
    return effective_trials(evidence.trial_ic - evidence.baseline_ic[:, None])


def alike_told(evidence: Evidence) -> str:
    """How many of this run's trials really differ, as the end of a sentence on their number.

    The ledger holds no daily results of other runs, so the number that is held against an idea is
    never lowered by it.
    """
    found = alike(evidence)
    if found.count is None or found.trials < 2:
        return ""
    return f": the {found.trials:,} of this run that can be compared amount to {found.count:,}"


def _trials_change(found: MeanTest, trials: int, threshold: float) -> str | None:
    if found.p_value is None or found.mean is None or found.error is None or not found.freedom:
        return None
    most = math.log(threshold) / math.log1p(-max(min(found.p_value, 1 - 1e-16), 1e-15))
    if most >= trials:
        room = "a million trials and more" if most > 1e6 else f"{int(most):,} trials"
        return f"The same lift stands out of {room}; each one on this data set uses some up."
    needed = needed_lift(found, trials, threshold)
    ways = ["a larger lift", "a longer history"]
    if most >= 1:
        ways.append(f"no more than {counted(int(most), 'trial')}")
    return (
        f"Out of {counted(trials, 'trial')} a lift of {decimal(needed, 3)} would stand out, "
        f"{decimal(found.mean, 3)} does "
        f"not: it takes {', '.join(ways[:-1])} or {ways[-1]}."
    )


def needed_lift(found: MeanTest, trials: int, threshold: float) -> float:
    """Lift that would stand out of so many trials, at the standard error that was measured."""
    quantile = float(stdtrit(found.freedom, threshold ** (1 / trials)))
    return quantile * (found.error or 0.0)


def search_overfitting(evidence: Evidence) -> Overfitting:
    """CSCV of this run's own trials, by their daily lift over the best baseline."""
    return backtest_overfitting(evidence.trial_ic - evidence.baseline_ic[:, None], measure="mean")


def overfitting_gate(found: Overfitting, policy: Policy) -> Gate:
    """Whether the search picks what lasts; it decides nothing where no two trials can be
    compared."""
    limit = policy.overfitting
    value, loss = found.probability, found.loss
    passed, change = False, None
    meaning = f"The search cannot be put to this test: {found.reason}."
    if value is not None and loss is not None:
        passed = value <= limit.threshold or loss <= MAX_LOSS
        change = _overfitting_change(value, loss, limit.threshold)
        meaning = (
            f"Share of the {len(found.logits):,} ways to halve the history into {found.blocks} "
            f"blocks in which the best of {found.trials} trials in one half is no better than "
            "their median in the other; its rank IC fell to the baseline's or below in "
            f"{percent(loss, 1)} of them. Passes up to {limit.threshold:g}, or where the latter "
            f"is {percent(MAX_LOSS)} or less: then the trials are merely alike."
        )
    return Gate(
        name="overfitting",
        label="Probability of backtest overfitting",
        value=value,
        threshold=limit.threshold,
        interval=None,
        passed=passed,
        decides=limit.decides and value is not None,
        meaning=meaning,
        would_change=change or "A search of two trials or more on a longer history.",
        otherwise="or alike",
    )


def _overfitting_change(value: float, loss: float, threshold: float) -> str:
    if value <= threshold:
        room = percent(threshold - value, 1)
        return f"It would fail if the pick fell behind in {room} more of the halves."
    if loss <= MAX_LOSS:
        return (
            f"It would fail if the pick fell to the baseline in more than {percent(MAX_LOSS)} of "
            f"the halves; it does in {percent(loss, 1)}."
        )
    return (
        f"The pick would have to stay ahead in {percent(value - threshold, 1)} more of the "
        f"halves, or above the baseline in {percent(loss - MAX_LOSS, 1)} more: fewer trials, "
        "each with a reason, do that rather than more."
    )

"""Gates on luck: how many tries stand behind this result, and does picking the best one pay?"""

from __future__ import annotations

import math

from breadthflow_engine.statistics import Overfitting, backtest_overfitting, mean_test
from breadthflow_engine.steps.judge.evidence import Evidence
from breadthflow_engine.steps.judge.gate import Gate
from breadthflow_engine.steps.judge.prediction_gates import block_for
from breadthflow_engine.steps.judge.settings import CONFIDENCE

MAX_OVERFITTING = 0.5
"""The median: above it a trial that was best in one half of the history is rather among the worse
in the other."""

MAX_LOSS = 0.05
"""Of the halves in which the picked trial may fall to the baseline or below, where trials are so
alike that their order is arbitrary."""


def trials_gate(evidence: Evidence, horizon: int) -> Gate:
    """The lift, held against all trials that were made on the data set.

    The chance that the best of N independent worthless trials stays below is (1 - p)^N (Šidák
    1967), so the chance that a worthless idea passes is 5 % however many were tried.
    """
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
        threshold=CONFIDENCE,
        interval=None,
        passed=value is not None and value >= CONFIDENCE,
        decides=True,
        meaning=(
            f"Chance that none of {evidence.trials} worthless trials, the number run on this data "
            f"set so far, would have shown as large a lift over the baseline by luck. Trials are "
            f"taken to be independent, which errs on the strict side."
            + ("" if found.reason is None else f" It is absent: {found.reason}.")
        ),
    )


def search_overfitting(evidence: Evidence) -> Overfitting:
    """CSCV of this run's own trials, by their daily lift over the best baseline."""
    return backtest_overfitting(evidence.trial_ic - evidence.baseline_ic[:, None], measure="mean")


def overfitting_gate(found: Overfitting) -> Gate:
    """Whether the search picks what lasts; it decides nothing where no two trials can be
    compared."""
    value, loss = found.probability, found.loss
    passed = False
    meaning = f"The search cannot be put to this test: {found.reason}."
    if value is not None and loss is not None:
        passed = value <= MAX_OVERFITTING or loss <= MAX_LOSS
        meaning = (
            f"Share of the {len(found.logits):,} ways to halve the history into {found.blocks} "
            f"blocks in which the best of {found.trials} trials in one half is no better than "
            f"their median in the other; its rank IC fell to the baseline's or below in "
            f"{loss:.1%} of them. Passes up to {MAX_OVERFITTING:g}, or where the latter is "
            f"{MAX_LOSS:.0%} or less: then the trials are merely alike."
        )
    return Gate(
        name="overfitting",
        label="Probability of backtest overfitting",
        value=value,
        threshold=MAX_OVERFITTING,
        interval=None,
        passed=passed,
        decides=value is not None,
        meaning=meaning,
    )

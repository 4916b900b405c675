"""`statistics.json`: what the gates rest on and what a chart of luck is drawn from.

Sections and their fields; whatever cannot be known is null, and `reason` says why. ICs are mean
daily rank ICs, Sharpe ratios are yearly, probabilities and returns fractions.

| section | fields |
|---|---|
| `headline` | NAME: {`value`, `lower`, `upper`, `reason`} for `annual_return`, `annual_volatility`, `sharpe`, `max_drawdown`, `calmar`, `hit_rate` of the daily net returns and `icir` of the daily rank ICs; 95 % stationary block bootstrap |
| `permutation` | `value` (the idea's line), `p_value`, `replicates`, `block` (days shuffled alike), `edges` (n + 1), `counts` (n); `width` and `adjusted_p_value` (see `permutation`); `reason` |
| `overfitting` | `probability` (PBO), `loss`, `trials`, `blocks`, `combinations`, `edges`, `counts` (of the logits), `in_sample`, `out_of_sample` (lift of the picked trial in some of the halves), `reason` |
| `snooping` | `reality_check`, `spa`, `spa_lower`, `spa_upper` (p-values against the best baseline), `trials`, `effective` (clusters of trials), `reason` |
| `trials` | `here` (in the ledger), `effective` (what the `complete` trials of this run amount to), `sharpe`, `threshold`, `minimum_track_record` and `observations` (days), and per `count`: `bar` (Sharpe ratio that the luckiest of so many would show), `deflated`; `reason` |
| `ic_decay` | `unit` (bars), per `horizon`: `ic`, `lower`, `upper`, `adjusted_p_value` (of "the mean is zero or less", Holm); `target` (the idea's own horizon), `autocorrelation` (of the predictions over that horizon), `adjusted_ic`, `turnover`, `cost_ic` (what trading leaves of the IC), `reason` (why there is no adjusted IC) |
"""  # noqa: E501 - a table

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.statistics import (
    Overfitting,
    deflated_sharpe,
    expected_maximum_sharpe,
    headline_measures,
    icir_measure,
    mean_test,
    minimum_track_record,
    moments,
    rank_ic_null,
    superior_ability,
)
from breadthflow_engine.steps.judge import settings
from breadthflow_engine.steps.judge.evidence import Evidence
from breadthflow_engine.steps.judge.luck_gates import alike
from breadthflow_engine.steps.judge.panel import PredictedPanel
from breadthflow_engine.steps.judge.prediction_gates import block_for
from breadthflow_engine.steps.judge.settings import CONFIDENCE
from breadthflow_engine.steps.judge.trading_gates import BARS_PER_YEAR

BINS = 40
SHUFFLES = 500
POINTS = 400
REPLICATES = 1000


def headline(evidence: Evidence, horizon: int, seed: int) -> dict[str, Any]:
    measures = headline_measures(
        evidence.returns,
        min_block=float(horizon),
        level=CONFIDENCE,
        # As many as the gate on it, so that one number has one interval.
        replicates=settings.REPLICATES,
        seed=seed,
    )
    measures["icir"] = icir_measure(
        evidence.model_ic,
        min_block=2.0 * horizon,
        level=CONFIDENCE,
        replicates=settings.REPLICATES,
        seed=seed,
    )
    return {name: asdict(measure) for name, measure in measures.items()}


def permutation(
    panel: PredictedPanel, evidence: Evidence, horizon: int, seed: int
) -> dict[str, Any]:
    """The idea's mean rank IC among those of labels shuffled within their dates.

    Shuffling takes symbols to be exchangeable. Where they move together (sectors, styles), the
    mean IC of a worthless idea scatters more than that: `width` is its standard error, which knows
    of it, over the deviation of the null, and `adjusted_p_value` holds the idea against the null
    stretched by as much. Above 1 the plain p-value is too small.
    """
    block = round(block_for(evidence.model_ic, horizon))
    found = rank_ic_null(panel.prediction, panel.label, block=block, replicates=SHUFFLES, seed=seed)
    section = {
        "value": found.value,
        "p_value": found.p_value,
        "replicates": len(found.null),
        "block": block,
        **_histogram(found.null),
        "width": None,
        "adjusted_p_value": None,
        "reason": found.reason,
    }
    tested = mean_test(evidence.model_ic, block)
    deviation = float(found.null.std()) if len(found.null) else 0.0
    if found.value is None or tested.error is None or deviation == 0:
        return section
    width = tested.error / deviation
    as_large = np.count_nonzero(found.null * max(width, 1.0) >= found.value)
    adjusted = float(1 + as_large) / (1 + len(found.null))
    return {**section, "width": width, "adjusted_p_value": adjusted}


def overfitting(found: Overfitting) -> dict[str, Any]:
    some = slice(None, None, max(1, len(found.logits) // POINTS))
    return {
        "probability": found.probability,
        "loss": found.loss,
        "trials": found.trials,
        "blocks": found.blocks,
        "combinations": len(found.logits),
        **_histogram(found.logits),
        "in_sample": found.in_sample[some].round(6).tolist(),
        "out_of_sample": found.out_of_sample[some].round(6).tolist(),
        "reason": found.reason,
    }


def snooping(evidence: Evidence, horizon: int, seed: int) -> dict[str, Any]:
    lifts = evidence.trial_ic - evidence.baseline_ic[:, None]
    lift = evidence.model_ic - evidence.baseline_ic
    found = superior_ability(lifts, block_for(lift, horizon), replicates=REPLICATES, seed=seed)
    clusters = alike(evidence)
    return {
        "reality_check": found.reality_check,
        "spa": found.spa,
        "spa_lower": found.spa_lower,
        "spa_upper": found.spa_upper,
        "trials": found.trials,
        "effective": clusters.count,
        "reason": found.reason or clusters.reason,
    }


def trials(evidence: Evidence, threshold: float) -> dict[str, Any]:
    """How the bar rises with the number of trials, up to ten times as many as there were."""
    found = moments(evidence.returns)
    most = max(1000, 10 * evidence.trials)
    counts = np.unique(np.append(np.geomspace(1, most, 60).round(), evidence.trials))
    really = alike(evidence)
    section: dict[str, Any] = {
        "here": evidence.trials,
        "effective": really.count,
        "complete": really.trials,
        "threshold": threshold,
        "observations": found.observations,
        "sharpe": None,
        "minimum_track_record": None,
        "count": counts.astype(int).tolist(),
        "bar": None,
        "deflated": None,
        "reason": None,
    }
    if found.sharpe is None or found.skew is None or found.kurtosis is None:
        return {**section, "reason": "the book's returns do not vary: nothing was traded"}
    year = math.sqrt(BARS_PER_YEAR)
    variance = 1.0 / found.observations
    deflated = deflated_sharpe(
        found.sharpe, found.observations, found.skew, found.kurtosis, counts, variance
    )
    return {
        **section,
        "sharpe": found.sharpe * year,
        "minimum_track_record": minimum_track_record(found.sharpe, found.skew, found.kurtosis),
        "bar": (expected_maximum_sharpe(counts, variance) * year).round(5).tolist(),
        "deflated": deflated.round(5).tolist(),
    }


def _histogram(values: NDArray[np.float64]) -> dict[str, list[float]]:
    if not len(values):
        return {"edges": [], "counts": []}
    counts, edges = np.histogram(values, bins=BINS)
    return {"edges": edges.round(6).tolist(), "counts": counts.tolist()}

"""Evidence that is too thin or too odd for a number: gates say so, and nothing is deployed."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from breadthflow_engine.steps.judge import luck
from breadthflow_engine.steps.judge.evidence import Evidence
from breadthflow_engine.steps.judge.gates import measured_gates
from breadthflow_engine.steps.judge.luck_gates import overfitting_gate, search_overfitting
from breadthflow_engine.steps.judge.policy import Policy
from breadthflow_engine.validation import Target


def evidence(days: int, returns: np.ndarray, trials: int = 1) -> Evidence:
    ic = np.random.default_rng(1).normal(0.05, 0.1, days)
    return Evidence(
        days=pl.DataFrame(),
        fold=np.arange(days),
        model_ic=ic,
        baseline=None,
        baseline_ic=np.zeros(days),
        trial_ic=np.column_stack([ic, ic / 2]),
        accuracy=None,
        returns=returns,
        benchmark_returns=np.zeros(len(returns)),
        cost_rate=None,
        turnover=0.0,
        trading_cost=np.zeros(len(returns)),
        trials=trials,
    )


def one_trade(days: int) -> np.ndarray:
    return np.append(np.zeros(days - 1), 0.02)


@pytest.mark.parametrize("kind", ["forward_return", "log_realised_volatility"])
@pytest.mark.parametrize(
    "thin",
    [
        evidence(1, np.array([0.01])),
        evidence(2, np.array([0.01, -0.02])),
        evidence(2, np.array([])),
        evidence(9, np.zeros(9), trials=10**6),
        evidence(9, one_trade(9)),
        evidence(9, np.full(9, 0.001)),
        evidence(9, np.append(one_trade(8), np.nan)),
    ],
    ids=["one day", "two days", "no return", "no trade", "one trade", "constant", "missing"],
)
def test_thin_evidence_is_never_enough_and_never_a_wrong_number(kind, thin):
    gates = measured_gates(Target(kind=kind, horizon=5), Policy(), thin, seed=7)
    gates.append(overfitting_gate(search_overfitting(thin), Policy()))
    for gate in gates:
        assert gate.value is None or math.isfinite(gate.value)
        bounds = gate.interval or (0.0, 0.0)
        assert all(math.isfinite(bound) for bound in bounds)
    by_name = {gate.name: gate for gate in gates}
    assert by_name["trials"].value is None
    assert not by_name["trials"].passed
    assert "absent" in by_name["trials"].meaning
    assert not by_name["overfitting"].decides
    for section in (luck.headline(thin, 5, 7), {"trials": luck.trials(thin, 0.95)}):
        for measure in section.values():
            missing = measure.get("value", measure.get("sharpe")) is None
            assert bool(measure["reason"]) or not missing

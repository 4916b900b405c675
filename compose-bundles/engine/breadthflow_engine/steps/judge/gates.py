"""All gates that a few series are enough for, in the order in which they are told."""

from __future__ import annotations

from breadthflow_engine.steps.judge.evidence import Evidence
from breadthflow_engine.steps.judge.gate import Gate
from breadthflow_engine.steps.judge.luck_gates import trials_gate
from breadthflow_engine.steps.judge.policy import Policy
from breadthflow_engine.steps.judge.prediction_gates import (
    folds_ahead_gate,
    implausible_accuracy_gate,
    lift_gate,
    rank_ic_gate,
)
from breadthflow_engine.steps.judge.trading_gates import (
    deflated_sharpe_gate,
    net_sharpe_gate,
    probabilistic_sharpe_gate,
    sharpe_lead_gate,
)
from breadthflow_engine.validation.settings import Target


def measured_gates(target: Target, policy: Policy, evidence: Evidence, seed: int) -> list[Gate]:
    """Put the gates on predictions, trading and luck to the evidence; a pure function of it."""
    horizon = target.horizon
    of_volatility = target.kind == "log_realised_volatility"
    return [
        lift_gate(evidence, policy, horizon, seed),
        folds_ahead_gate(evidence, policy),
        rank_ic_gate(evidence, policy, horizon, seed),
        trials_gate(evidence, policy, horizon),
        sharpe_lead_gate(evidence, horizon, seed)
        if of_volatility
        else net_sharpe_gate(evidence, policy, horizon, seed),
        probabilistic_sharpe_gate(evidence, policy, of_volatility),
        deflated_sharpe_gate(evidence, policy, of_volatility),
        implausible_accuracy_gate(evidence, target.kind),
    ]

"""Runs the judge step."""

from __future__ import annotations

import json

from breadthflow_engine.protocol.step import Outcome, Step, StepContext
from breadthflow_engine.steps.judge.charts import chart_series
from breadthflow_engine.steps.judge.evidence import Evidence, read_evidence
from breadthflow_engine.steps.judge.gate import Gate
from breadthflow_engine.steps.judge.look_ahead import look_ahead_gate, run_look_ahead_test
from breadthflow_engine.steps.judge.prediction_gates import (
    folds_ahead_gate,
    implausible_accuracy_gate,
    lift_gate,
    rank_ic_gate,
)
from breadthflow_engine.steps.judge.rule import RULE, decide
from breadthflow_engine.steps.judge.settings import JudgeParams
from breadthflow_engine.steps.judge.trading_gates import (
    deflated_sharpe_gate,
    net_sharpe_gate,
    probabilistic_sharpe_gate,
    sharpe_lead_gate,
)


def run(params: JudgeParams, context: StepContext) -> Outcome:
    """Put every gate to the evidence and write the verdict."""
    context.emit.progress(0.05, "Reading the evidence")
    evidence = read_evidence(
        context.inputs["train"],
        context.inputs["backtest"],
        params.target.kind,
        params.trials_on_data,
    )
    context.emit.progress(0.15, "Measuring intervals")
    gates = _measured(params, evidence, context.resources.seed)
    context.emit.progress(0.4, "Recomputing the features on data cut at t")
    look_ahead = run_look_ahead_test(context.inputs, context.resources.seed)
    gates.append(look_ahead_gate(look_ahead))
    verdict = decide(gates, evidence)
    found = {gate.name: gate for gate in gates}
    summary = {
        "verdict": verdict.word,
        "summary": verdict.summary,
        "gates": [gate.as_json() for gate in gates],
        "probabilistic_sharpe": found["probabilistic_sharpe"].value,
        "deflated_sharpe": found["deflated_sharpe"].value,
        "baseline": evidence.baseline,
        "trials_on_data": evidence.trials,
        "caveats": _caveats(context),
    }
    (context.output / "verdict.json").write_text(
        json.dumps(
            {**summary, "rule": RULE, "look_ahead": look_ahead.as_json()},
            indent=2,
            allow_nan=False,
            ensure_ascii=False,
        ),
        encoding="utf-8",
    )
    charts = chart_series(context.inputs["train"], context.inputs["backtest"])
    (context.output / "charts.json").write_text(
        json.dumps(charts, allow_nan=False), encoding="utf-8"
    )
    context.emit.progress(1.0, f"Verdict: {verdict.word}")
    return Outcome(kind="verdict", summary=summary, rows=len(gates))


def _measured(params: JudgeParams, evidence: Evidence, seed: int) -> list[Gate]:
    horizon, gates, kind = params.target.horizon, params.gates, params.target.kind
    of_volatility = kind == "log_realised_volatility"
    return [
        lift_gate(evidence, gates, horizon, seed),
        folds_ahead_gate(evidence, gates),
        rank_ic_gate(evidence, horizon, seed),
        sharpe_lead_gate(evidence, horizon, seed)
        if of_volatility
        else net_sharpe_gate(evidence, gates, horizon, seed),
        probabilistic_sharpe_gate(evidence, gates, of_volatility),
        deflated_sharpe_gate(evidence, gates, of_volatility),
        implausible_accuracy_gate(evidence, kind),
    ]


def _caveats(context: StepContext) -> list[str]:
    check = context.inputs.get("check")
    if check is not None and check.summary.get("survivorship"):
        return [
            "The data holds only companies that lasted to its end (survivorship bias), which "
            "flatters every backtest on it."
        ]
    return []


STEP = Step(
    name="judge",
    version="1",
    params=JudgeParams,
    run=run,
    inputs=("bars", "check", "features", "select", "train", "backtest"),
    code=(
        "breadthflow_engine.statistics",
        "breadthflow_engine.bars",
        "breadthflow_engine.validation.settings",
        "breadthflow_engine.language",
    ),
)

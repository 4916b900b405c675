"""Runs the judge step."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from breadthflow_engine.bars import load_bars
from breadthflow_engine.protocol.step import Outcome, Step, StepContext
from breadthflow_engine.steps.judge import luck
from breadthflow_engine.steps.judge.charts import chart_series
from breadthflow_engine.steps.judge.decay import ic_decay
from breadthflow_engine.steps.judge.evidence import read_evidence
from breadthflow_engine.steps.judge.gates import measured_gates
from breadthflow_engine.steps.judge.leak_tests import leaks_gate, run_leak_tests
from breadthflow_engine.steps.judge.luck_gates import alike, overfitting_gate, search_overfitting
from breadthflow_engine.steps.judge.page import one_page
from breadthflow_engine.steps.judge.panel import read_panel
from breadthflow_engine.steps.judge.prospects import prospects
from breadthflow_engine.steps.judge.regimes import as_section, regimes
from breadthflow_engine.steps.judge.robustness_gates import robustness_gates
from breadthflow_engine.steps.judge.rule import RULE, decide
from breadthflow_engine.steps.judge.settings import JudgeParams


def run(params: JudgeParams, context: StepContext) -> Outcome:
    """Put every gate to the evidence and write the verdict."""
    # One thread for matrix products: the last bits do not depend on the number of cores.
    with threadpool_limits(limits=1):
        return _judge(params, context)


def _judge(params: JudgeParams, context: StepContext) -> Outcome:
    emit, seed = context.emit, context.resources.seed
    emit.progress(0.05, "Reading the evidence")
    evidence = read_evidence(
        context.inputs["train"],
        context.inputs["backtest"],
        params.target.kind,
        params.trials_on_data,
    )
    emit.progress(0.15, "Measuring intervals")
    target, policy = params.target, params.gates
    of_volatility = target.kind == "log_realised_volatility"
    panel = read_panel(context.inputs["train"])
    bars = load_bars(context.inputs["bars"], context.inputs.get("check"))
    decay = ic_decay(panel, bars, target, evidence.cost_rate)
    block = 2.0 * target.horizon
    states = regimes(evidence, context.inputs["backtest"], bars, block, seed)
    gates = measured_gates(target, policy, evidence, seed)
    overfitting = search_overfitting(evidence)
    gates.append(overfitting_gate(overfitting, policy))
    gates += robustness_gates(
        policy, evidence, context.inputs["backtest"], decay, states, of_volatility
    )
    emit.progress(0.3, "Looking for leaks")
    leaks = run_leak_tests(context.inputs, target, seed)
    gates.append(leaks_gate(leaks))
    verdict = decide(gates, evidence)
    outlook = [] if verdict.word == "deploy" else prospects(gates, evidence, policy, target, decay)
    caveats = _caveats(context)
    found = {gate.name: gate for gate in gates}
    really = alike(evidence)
    summary = {
        "verdict": verdict.word,
        "summary": verdict.summary,
        "policy": policy.policy,
        "gates": [gate.as_json() for gate in gates],
        "probabilistic_sharpe": found["probabilistic_sharpe"].value,
        "deflated_sharpe": found["deflated_sharpe"].value,
        "baseline": evidence.baseline,
        "trials_on_data": evidence.trials,
        "effective_trials": {"count": really.count, "of": really.trials},
        "caveats": caveats,
    }
    page = one_page(verdict, gates, evidence, target, states, outlook, caveats)
    document = {
        **summary,
        "rule": RULE,
        "page": page,
        "outlook": [asdict(one) for one in outlook],
        "regimes": as_section(states),
        "leaks": [test.as_json() for test in leaks],
    }
    (context.output / "verdict.json").write_text(
        json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False), encoding="utf-8"
    )
    charts = chart_series(context.inputs["backtest"])
    _write_json(context.output / "charts.json", charts)
    emit.progress(0.6, "Measuring luck")
    threshold = policy.deflated_sharpe.threshold
    statistics = {
        "headline": luck.headline(evidence, target.horizon, seed),
        "permutation": luck.permutation(panel, evidence, target.horizon, seed),
        "overfitting": luck.overfitting(overfitting),
        "snooping": luck.snooping(evidence, target.horizon, seed),
        "trials": luck.trials(evidence, threshold),
        "ic_decay": decay,
    }
    _write_json(context.output / "statistics.json", statistics)
    emit.progress(1.0, f"Verdict: {verdict.word}")
    return Outcome(kind="verdict", summary=summary, rows=len(gates))


def _write_json(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, allow_nan=False), encoding="utf-8")


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
        "breadthflow_engine.metrics",
        "breadthflow_engine.validation",
        "breadthflow_engine.language",
        "breadthflow_engine.leaks",
        "breadthflow_engine.models",
        "breadthflow_engine.steps.train",
    ),
)

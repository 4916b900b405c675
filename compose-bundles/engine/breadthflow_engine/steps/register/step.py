"""Runs the register step."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Outcome, Step, StepContext
from breadthflow_engine.steps.register.package import LOADER, package_model
from breadthflow_engine.steps.register.records import (
    KEY_TAG,
    begin_run,
    drop_unfinished,
    experiment_id,
    log_run,
    log_trials,
)
from breadthflow_engine.steps.register.registry import (
    CHALLENGER,
    find_version,
    make_challenger,
    register_version,
)
from breadthflow_engine.steps.register.settings import RegisterParams
from breadthflow_engine.steps.register.tracking import connect, told

PLACE = "tracking"
MODEL_FOLDER = "model"
REPORTED = {
    "train": ("leaderboard.json", "folds.json", "importance.json"),
    "judge": ("verdict.json",),
    "select": ("selection.json",),
    "features": ("catalogue.json",),
    "backtest": ("metrics.json", "equity.json"),
}
"""Files of the other steps that go beside the model."""


def run(params: RegisterParams, context: StepContext) -> Outcome:
    """Register the model of a run, once: the same content key finds the version it made before."""
    url = context.places.get(PLACE)
    if not url:
        raise StepError(
            "register.no_place",
            "The register step was given no tracking server.",
            "Give the address of an MLflow server as the place `tracking`.",
            place=PLACE,
        )
    context.emit.progress(0.02, "Asking the tracking server")
    client = connect(url)
    with told(url):
        version = find_version(client, params.model_name, context.key)
        if version is None:
            version = _register(client, params, context)
        verdict = context.inputs["judge"].summary["verdict"]
        challenger = verdict != "reject" and make_challenger(client, version)
    return _leave(context, version, verdict, challenger)


def _register(client: MlflowClient, params: RegisterParams, context: StepContext) -> ModelVersion:
    tags = _tags(params, context)
    experiment = experiment_id(client, params.model_name)
    drop_unfinished(client, experiment, context.key)
    parent = begin_run(client, experiment, params.tags.get("run", params.model_name), tags)
    context.emit.progress(0.15, "Logging parameters and metrics")
    log_run(client, parent, _logged_params(context), _logged_metrics(context))
    context.emit.progress(0.25, "Logging every trial")
    trials = log_trials(client, experiment, parent, context.key, context.inputs["train"])
    context.emit.progress(0.7, f"{trials} trials logged; uploading the model")
    _upload(client, parent, context)
    client.set_terminated(parent.info.run_id, "FINISHED")
    context.emit.progress(0.95, "Registering the version")
    source = f"{parent.info.artifact_uri}/{MODEL_FOLDER}"
    return register_version(client, params.model_name, parent, source, tags)


def _tags(params: RegisterParams, context: StepContext) -> dict[str, str]:
    """What leads from a model back to where it came from."""
    named = {f"breadthflow.{name}": value for name, value in params.tags.items()}
    return {
        **named,
        KEY_TAG: context.key,
        "breadthflow.verdict": str(context.inputs["judge"].summary["verdict"]),
        "breadthflow.train_key": context.inputs["train"].manifest.made_by.key,
    }


def _logged_params(context: StepContext) -> dict[str, Any]:
    made = {name: artifact.manifest.made_by.params for name, artifact in context.inputs.items()}
    return {
        "target": made["train"].get("target", {}),
        "validation": made["train"].get("validation", {}),
        "automl": made["train"].get("automl", {}),
        "selection": made["select"].get("selection", {}),
        "backtest": made["backtest"].get("backtest", {}),
        "gates": made["judge"].get("gates", {}),
    }


def _logged_metrics(context: StepContext) -> dict[str, Any]:
    train, backtest = context.inputs["train"].summary, context.inputs["backtest"].summary
    judge = context.inputs["judge"].summary
    return {
        **{name: value for name, value in train.items() if name != "trials"},
        **{f"backtest_{name}": value for name, value in backtest.items()},
        "deflated_sharpe": judge.get("deflated_sharpe"),
        "probabilistic_sharpe": judge.get("probabilistic_sharpe"),
    }


def _upload(client: MlflowClient, run: Run, context: StepContext) -> None:
    with tempfile.TemporaryDirectory(dir=context.output, prefix=".upload-") as aside:
        root = Path(aside)
        package_model(context.inputs["train"], root / MODEL_FOLDER)
        for name, files in REPORTED.items():
            for file in files:
                (root / file).write_bytes(context.inputs[name].file(file).read_bytes())
        client.log_artifacts(run.info.run_id, str(root))


def _leave(context: StepContext, version: ModelVersion, verdict: str, challenger: bool) -> Outcome:
    summary = {
        "model": version.name,
        "version": str(version.version),
        "run_id": version.run_id,
        "source": version.source,
        "loader": LOADER,
        "alias": CHALLENGER if challenger else None,
        "verdict": verdict,
    }
    (context.output / "registration.json").write_text(
        json.dumps(summary, indent=2), encoding="utf-8"
    )
    context.emit.progress(1.0, f"{version.name} version {version.version} is registered")
    return Outcome(kind="registration", summary=summary, rows=1)


STEP = Step(
    name="register",
    version="1",
    params=RegisterParams,
    run=run,
    inputs=("bars", "features", "select", "train", "judge", "backtest"),
    bound_to="the version in the registry of the tracking server",
)

"""Runs of the tracking server: one for the model, one below it for each trial."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import polars as pl
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, Run, RunTag
from mlflow.exceptions import RestException

from breadthflow_engine.protocol.step import Artifact

KEY_TAG = "breadthflow.key"
_PARENT_TAG = "mlflow.parentRunId"
_CONNECTIONS = 4
_LONGEST_VALUE = 5000
_STATUS = {"complete": "FINISHED", "failed": "FAILED", "pruned": "KILLED", "cancelled": "KILLED"}


def experiment_id(client: MlflowClient, name: str) -> str:
    """The experiment of that name, made or brought back from deletion if need be."""
    found = client.get_experiment_by_name(name)
    if found is None:
        try:
            return client.create_experiment(name)
        except RestException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
            # Another idea's run made it in between.
            found = client.get_experiment_by_name(name)
            if found is None:
                raise
    if found.lifecycle_stage == "deleted":
        client.restore_experiment(found.experiment_id)
    return found.experiment_id


def drop_unfinished(client: MlflowClient, experiment: str, key: str) -> None:
    """Delete what an attempt that was cut off left: its runs never led to a version."""
    left = client.search_runs([experiment], f"tags.`{KEY_TAG}` = '{key}'", max_results=50_000)
    _each(lambda run: client.delete_run(run.info.run_id), left)


def begin_run(client: MlflowClient, experiment: str, name: str, tags: Mapping[str, str]) -> Run:
    return client.create_run(experiment, tags=dict(tags), run_name=name)


def log_run(
    client: MlflowClient, run: Run, params: Mapping[str, Any], metrics: Mapping[str, Any]
) -> None:
    """Log parameters (nested ones by dotted names) and those metrics that are numbers."""
    client.log_batch(
        run.info.run_id,
        metrics=_metrics(run, metrics),
        params=[Param(name, _short(value)) for name, value in _flat(params)],
        synchronous=True,
    )


def log_trials(
    client: MlflowClient, experiment: str, parent: Run, key: str, train: Artifact
) -> int:
    """Log every trial, failed and pruned ones too, as a run below `parent`; how many there were."""
    trials = list(pl.read_parquet(train.file("trials.parquet")).iter_rows(named=True))

    def log(trial: dict[str, Any]) -> None:
        state = trial["state"]
        run = client.create_run(
            experiment,
            run_name=f"trial {trial['number']} {trial['engine']}",
            tags={_PARENT_TAG: parent.info.run_id, KEY_TAG: key, "breadthflow.state": state},
        )
        params = trial["params"]
        params = json.loads(params) if isinstance(params, str) else params or {}
        scores = trial.get("fold_scores") or []
        error = trial.get("error")
        client.log_batch(
            run.info.run_id,
            metrics=[
                *_metrics(run, {"score": trial.get("score"), "seconds": trial.get("seconds")}),
                *(
                    Metric("fold_score", float(score), run.info.start_time, fold)
                    for fold, score in enumerate(scores)
                    if score is not None and math.isfinite(score)
                ),
            ],
            params=[Param(n, _short(v)) for n, v in _flat({"engine": trial["engine"], **params})],
            tags=[RunTag("breadthflow.error", _short(error))] if error else [],
            synchronous=True,
        )
        client.set_terminated(run.info.run_id, _STATUS[state])

    _each(log, trials)
    return len(trials)


def _each(work: Any, items: list[Any]) -> None:
    """Do the calls side by side: what costs time is waiting for the server's commits."""
    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        for _ in pool.map(work, items):
            pass


def _metrics(run: Run, values: Mapping[str, Any]) -> list[Metric]:
    return [
        Metric(name, float(value), run.info.start_time, 0)
        for name, value in values.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    ]


def _flat(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"

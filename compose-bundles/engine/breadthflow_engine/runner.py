"""Runs one step: the same for a worker, a container, an Airflow task and the command line."""

from __future__ import annotations

import hashlib
import time
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from breadthflow_engine import __version__
from breadthflow_engine.artifacts import (
    describe_files,
    disk_full_named,
    is_finished,
    publish,
    read_artifact,
    staging_folder,
)
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import MadeBy, Manifest, StepRequest
from breadthflow_engine.protocol.step import Artifact, Emitter, Step, StepContext
from breadthflow_engine.protocol.uris import to_path
from breadthflow_engine.steps import StepLoader, load_step

_LOCK = Path(__file__).parent.parent / "locks" / "core.txt"


def run_request(request: StepRequest, emit: Emitter, *, load: StepLoader = load_step) -> Manifest:
    """Executes a request and returns its manifest; a finished output is returned as it is.

    Raises:
        StepError: whatever a person can do something about.
    """
    output = to_path(request.output)
    if is_finished(output):
        return read_artifact(output).manifest
    step = load(request.step)
    if request.version is not None and request.version != step.version:
        raise StepError(
            "step.other_version",
            f"Step {step.name} is version {step.version} here, not {request.version}.",
            "Plan the run again: the engine was updated since.",
            step=step.name,
        )
    params = parse_params(step, request.params)
    inputs = _read_inputs(step, request)
    sources = _read_sources(step, request)
    started = time.monotonic()
    with disk_full_named(output), staging_folder(output) as staging:
        context = StepContext(
            inputs=inputs,
            sources=sources,
            places=request.places,
            output=staging,
            emit=emit,
            resources=request.resources,
            key=request.key,
        )
        outcome = step.run(params, context)
        manifest = Manifest(
            kind=outcome.kind,
            columns=outcome.columns,
            rows=outcome.rows,
            files=describe_files(staging),
            made_by=MadeBy(
                step=step.name,
                version=step.version,
                key=request.key,
                params=request.params,
                inputs={name: artifact.manifest.made_by.key for name, artifact in inputs.items()},
                lock=lock_hash(),
                engine=__version__,
            ),
            summary=outcome.summary,
            seconds=time.monotonic() - started,
        )
        return publish(staging, output, manifest).manifest


def parse_params(step: Step[Any], given: dict[str, Any]) -> Any:
    """The step's parameters; every wrong field is named.

    Raises:
        StepError: `step.bad_params`.
    """
    try:
        return step.params.model_validate(given)
    except ValidationError as error:
        faults = [
            f"{'.'.join(str(part) for part in fault['loc']) or 'params'}: {fault['msg']}"
            for fault in error.errors()
        ]
        raise StepError(
            "step.bad_params",
            f"Step {step.name} cannot take these parameters: {'; '.join(faults)}.",
            "Correct the named fields.",
            step=step.name,
            fields=[".".join(str(part) for part in fault["loc"]) for fault in error.errors()],
        ) from error


@cache
def lock_hash() -> str:
    """SHA-256 of the lock that the environment was made from."""
    return hashlib.sha256(_LOCK.read_bytes()).hexdigest() if _LOCK.exists() else ""


def _read_inputs(step: Step[Any], request: StepRequest) -> dict[str, Artifact]:
    inputs: dict[str, Artifact] = {}
    for declared in step.inputs:
        name = declared.removesuffix("?")
        given = request.inputs.get(name)
        if isinstance(given, str):
            inputs[name] = read_artifact(to_path(given))
        elif given is not None or not declared.endswith("?"):
            raise StepError(
                "step.input_missing",
                f"Step {step.name} needs one artifact as its input {name}.",
                f"Its inputs are {', '.join(step.inputs)}.",
                step=step.name,
                input=name,
            )
    return inputs


def _read_sources(step: Step[Any], request: StepRequest) -> dict[str, list[Path]]:
    sources: dict[str, list[Path]] = {}
    for name in step.sources:
        given = request.inputs.get(name, [])
        sources[name] = [to_path(uri) for uri in ([given] if isinstance(given, str) else given)]
        if not sources[name]:
            raise StepError(
                "step.source_missing",
                f"Step {step.name} was given no files.",
                "Name at least one file, folder or glob.",
                step=step.name,
                input=name,
            )
    return sources

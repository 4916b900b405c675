"""Runs one step: the same for a worker, a container, an Airflow task and the command line."""

from __future__ import annotations

import json
import shutil
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from breadthflow_engine import __version__
from breadthflow_engine.artifact_store import ArtifactStore, Keeping
from breadthflow_engine.artifacts import (
    MANIFEST,
    describe_files,
    file_sha256,
    publish,
    read_artifact,
)
from breadthflow_engine.disk import disk_failures_named
from breadthflow_engine.ledger import TrialBook
from breadthflow_engine.locks import lock_sha256
from breadthflow_engine.plain import plain
from breadthflow_engine.protocol.errors import Cancelled, StepError
from breadthflow_engine.protocol.messages import MadeBy, Manifest, StepEvent, StepRequest
from breadthflow_engine.protocol.step import Artifact, Emitter, Outcome, Step, StepContext
from breadthflow_engine.protocol.uris import to_path
from breadthflow_engine.staging import staging
from breadthflow_engine.steps import StepLoader, load_step


def run_request(
    request: StepRequest,
    emit: Emitter,
    *,
    load: StepLoader = load_step,
    environment: str = "core",
    store: ArtifactStore | None = None,
) -> Manifest:
    """Executes a request and returns the manifest of its artifact.

    A finished and undamaged artifact at the output is returned as it is; one that `store` has is
    brought back. Otherwise the step works in a staging folder beside the output; its files are
    hashed, the manifest is written last, and the folder takes its place in one rename. The store
    gets what it lacks of it and of its inputs. `environment` is the one that this process runs in.
    Every trial that the step tells of is in its workspace's ledger before `emit` hears of it.

    Raises:
        StepError: for everything that a person can act on; `step.failed` for what nobody foresaw.
    """
    step = load(request.step)
    if request.version is not None and request.version != step.version:
        raise StepError(
            "step.other_version",
            f"Step {step.name} is version {step.version} here, not {request.version}.",
            "Plan the run again: the engine was updated since.",
            step=step.name,
        )
    params = parse_params(step, request.params)
    output = to_path(request.output)
    book = TrialBook(request)
    counted = _counted(book, emit)
    keeping = Keeping(store, step, load, book, counted)
    finished = _finished(output, emit)
    if finished is not None:
        keeping.keep(finished, [])
        return finished.manifest
    inputs, sources = _resolve_inputs(step, request)
    with _failures_named(step), disk_failures_named(output):
        artifact = keeping.bring_back(request.key, output)
    if artifact is None:
        artifact = _make(step, params, request, inputs, sources, counted, environment)
    keeping.keep(artifact, inputs.values())
    return artifact.manifest


def _make(
    step: Step[Any],
    params: BaseModel,
    request: StepRequest,
    inputs: dict[str, Artifact],
    sources: dict[str, list[Path]],
    emit: Emitter,
    environment: str,
) -> Artifact:
    output = to_path(request.output)
    started = time.monotonic()
    with staging(output) as folder, _failures_named(step), disk_failures_named(output):
        context = StepContext(
            inputs=inputs,
            sources=sources,
            places=request.places,
            output=folder,
            emit=emit,
            resources=request.resources,
            key=request.key,
        )
        outcome: Outcome = step.run(params, context)
        manifest = Manifest(
            kind=outcome.kind,
            columns=outcome.columns,
            rows=outcome.rows,
            files=describe_files(folder),
            made_by=MadeBy(
                step=step.name,
                version=step.version,
                key=request.key,
                params=params.model_dump(mode="json"),
                inputs=_made_from(context),
                lock=lock_sha256(environment),
                engine=__version__,
            ),
            summary=plain(outcome.summary),
            seconds=round(time.monotonic() - started, 3),
        )
        return publish(folder, output, manifest)


def _counted(book: TrialBook, emit: Emitter) -> Emitter:
    def send(event: StepEvent) -> None:
        book.write(event)
        emit.send(event)

    return Emitter(send)


def parse_params(step: Step[Any], given: dict[str, Any]) -> BaseModel:
    """The step's parameters, read strictly: no unknown key, no text where a number is meant.

    Raises:
        StepError: `step.bad_params`, naming every wrong field.
    """
    try:
        return step.params.model_validate_json(json.dumps(given), strict=True, extra="forbid")
    except ValidationError as error:
        faults = {
            ".".join(str(part) for part in fault["loc"]) or "params": fault["msg"]
            for fault in error.errors(include_url=False, include_context=False)
        }
        said = "; ".join(f"{field}: {message}" for field, message in faults.items())
        raise StepError(
            "step.bad_params",
            f"Step {step.name} cannot take these parameters: {said}.",
            f"Correct the named fields. The step knows: {', '.join(step.params.model_fields)}.",
            step=step.name,
            fields=list(faults),
        ) from None


def _finished(output: Path, emit: Emitter) -> Artifact | None:
    """The artifact that already stands at `output`; a damaged one is cleared away."""
    if not output.exists() or (output.is_dir() and not any(output.iterdir())):
        return None
    try:
        return read_artifact(output)
    except StepError as problem:
        ours = problem.code == "artifact.damaged" and problem.where.get("file") != MANIFEST
        if not ours:
            # Whatever it is, the engine did not make it: it is not the engine's to delete.
            raise StepError(
                "artifact.output_occupied",
                f"The output {output} exists and is not an artifact.",
                "Remove it, or choose another output.",
                output=str(output),
            ) from problem
        emit.log(f"{problem.detail} It is made again.", level="warning")
        shutil.rmtree(output)
        return None


def _resolve_inputs(
    step: Step[Any], request: StepRequest
) -> tuple[dict[str, Artifact], dict[str, list[Path]]]:
    artifacts = {name.removesuffix("?"): name.endswith("?") for name in step.inputs}
    known = [*artifacts, *step.sources]
    for name in request.inputs:
        if name not in known:
            raise StepError(
                "step.input_unknown",
                f"Step {step.name} has no input {name}.",
                f"Its inputs are: {', '.join(known) or 'none'}.",
                step=step.name,
                input=name,
            )
    inputs: dict[str, Artifact] = {}
    sources: dict[str, list[Path]] = {}
    for name in known:
        given = request.inputs.get(name) or []
        paths = [to_path(uri) for uri in ([given] if isinstance(given, str) else given)]
        if name in step.sources and paths:
            sources[name] = paths
        elif name in artifacts and len(paths) == 1:
            inputs[name] = read_artifact(paths[0])
        elif paths or not artifacts.get(name, False):
            what = "at least one file, folder or glob" if name in step.sources else "one artifact"
            raise StepError(
                "step.input_missing",
                f"Step {step.name} needs {what} as its input {name}; {len(paths)} were given.",
                "Give its URI in inputs.",
                step=step.name,
                input=name,
            )
    return inputs, sources


def _made_from(context: StepContext) -> dict[str, Any]:
    """The content keys of the artifacts read, and the names of the sources, without their places:
    the same work leaves the same manifest on every machine."""
    made_from: dict[str, Any] = {
        name: artifact.manifest.made_by.key or file_sha256(artifact.path / MANIFEST)
        for name, artifact in context.inputs.items()
    }
    for name, paths in context.sources.items():
        made_from[name] = [path.name for path in paths]
    return made_from


@contextmanager
def _failures_named(step: Step[Any]) -> Iterator[None]:
    try:
        yield
    except (StepError, Cancelled):
        raise
    except MemoryError as error:
        raise StepError(
            "engine.out_of_memory",
            f"Step {step.name} ran out of memory.",
            "Close other programs, or use fewer symbols or features.",
            step=step.name,
        ) from error
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        raise StepError(
            "step.failed",
            f"Step {step.name} failed: {type(error).__name__}: {error}",
            "This is a defect of the step. The engine's log has the whole traceback.",
            step=step.name,
            file=Path(frame.filename).name,
            line=frame.lineno,
        ) from error

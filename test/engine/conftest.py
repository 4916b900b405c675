"""Shared fixtures: run a step for real, through the product's own runner."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from breadthflow_engine.artifacts import read_artifact
from breadthflow_engine.protocol.messages import Resources, StepEvent, StepRequest
from breadthflow_engine.protocol.step import Artifact, Emitter, Step
from breadthflow_engine.runner import run_request

REPOSITORY = Path(__file__).resolve().parents[2]
DEMO = REPOSITORY / "resources" / "demo"


@pytest.fixture(scope="session")
def demo_folder() -> Path:
    """The real prices that ship with the product."""
    return DEMO


@pytest.fixture
def events() -> list[StepEvent]:
    """Everything that steps run by `run_step` in this test said."""
    return []


RunStep = Callable[..., Artifact]


@pytest.fixture
def run_step(tmp_path: Path, events: list[StepEvent]) -> RunStep:
    """Runs a step and gives its artifact: `run_step(STEP, params, inputs=…, places=…)`."""

    def run(
        step: Step[Any],
        params: dict[str, Any] | None = None,
        *,
        inputs: dict[str, Artifact] | None = None,
        sources: dict[str, list[Path]] | None = None,
        places: dict[str, str] | None = None,
        resources: Resources | None = None,
    ) -> Artifact:
        named = {name: artifact.path.as_uri() for name, artifact in (inputs or {}).items()}
        raw = {name: [path.as_uri() for path in paths] for name, paths in (sources or {}).items()}
        made_of = [step.name, params, named, raw]
        key = hashlib.sha256(json.dumps(made_of, default=str).encode()).hexdigest()
        output = tmp_path / "cache" / step.name / key
        request = StepRequest(
            step=step.name,
            key=key,
            params=params or {},
            inputs={**named, **raw},
            places=places or {},
            output=output.as_uri(),
            resources=resources or Resources(),
        )
        run_request(request, Emitter(events.append), load=lambda _: step)
        return read_artifact(output)

    return run

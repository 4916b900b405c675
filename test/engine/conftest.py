"""What every engine test may use: a step run for real, its artifact and its events."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from breadthflow_engine.artifacts import read_artifact
from breadthflow_engine.protocol.messages import Resources, StepEvent, StepRequest
from breadthflow_engine.protocol.step import Artifact, Emitter, Step
from breadthflow_engine.runner import run_request

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def demo_folder() -> Path:
    """The real prices that ship with the product."""
    return REPOSITORY / "resources" / "demo"


class StepBench:
    """Runs steps through the product's own runner, each into a folder of its own.

    `events` holds what the steps said since it was last cleared.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events: list[StepEvent] = []
        self._numbers = itertools.count(1)

    def __call__(
        self,
        step: Step[Any],
        params: Mapping[str, Any] | None = None,
        *,
        inputs: Mapping[str, Artifact] | None = None,
        sources: Mapping[str, Sequence[Path]] | None = None,
        places: Mapping[str, Path | str] | None = None,
        resources: Resources | None = None,
    ) -> Artifact:
        key = hashlib.sha256(f"{step.name}-{next(self._numbers)}".encode()).hexdigest()
        output = self.folder / step.name / key
        request = StepRequest(
            step=step.name,
            version=step.version,
            key=key,
            params=dict(params or {}),
            inputs={
                **{name: artifact.path.as_uri() for name, artifact in (inputs or {}).items()},
                **{name: [p.as_uri() for p in paths] for name, paths in (sources or {}).items()},
            },
            places={name: str(place) for name, place in (places or {}).items()},
            output=output.as_uri(),
            resources=resources or Resources(),
        )
        run_request(request, Emitter(self.events.append), load=lambda _: step)
        return read_artifact(output)


@pytest.fixture(scope="session")
def run_step(tmp_path_factory: pytest.TempPathFactory) -> StepBench:
    """Runs a step for real: `run_step(STEP, params, inputs={...}) -> Artifact`.

    It lasts for the session, so that a module's fixtures can share what is dear to make.
    """
    return StepBench(tmp_path_factory.mktemp("steps"))


@pytest.fixture
def events(run_step: StepBench) -> list[StepEvent]:
    """Everything that steps run by `run_step` in this test say."""
    run_step.events.clear()
    return run_step.events

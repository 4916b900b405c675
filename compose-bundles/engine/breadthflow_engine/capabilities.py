"""What this engine can do, and with which code: the source of content keys."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from breadthflow_engine import __version__
from breadthflow_engine.locks import lock_sha256
from breadthflow_engine.source_tree import PACKAGE, SourceTree
from breadthflow_engine.steps import STEP_ENVIRONMENTS

_PROTOCOL = [f"{PACKAGE}.protocol.{name}" for name in ("errors", "messages", "step", "uris")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StepCapability(_Frozen):
    """One step. `code` is the SHA-256 of everything that it imports from this package."""

    name: str
    version: str
    code: str
    environment: str
    inputs: list[str] = Field(description="Artifacts it reads; a trailing ? marks an optional one.")
    sources: list[str] = Field(description="Inputs that are raw files.")


class Environment(_Frozen):
    """One Python environment: the hash of its lock, and whether it is installed."""

    name: str
    lock: str
    ready: bool


class Capabilities(_Frozen):
    engine: str
    python: str
    lock: str
    environments: list[Environment]
    steps: list[StepCapability]


class CapabilityReader:
    """Reads capabilities from source files, so that no step has to be imported.

    Args:
        steps: environment by step name.
        tree: the source files.
    """

    def __init__(
        self, steps: Mapping[str, str] = STEP_ENVIRONMENTS, tree: SourceTree | None = None
    ) -> None:
        self._steps = steps
        self._tree = tree or SourceTree()

    def read(self) -> Capabilities:
        """What there is now; files that changed since the last call are read again."""
        names = sorted(set(self._steps.values()))
        return Capabilities(
            engine=__version__,
            python=platform.python_version(),
            lock=lock_sha256("core"),
            environments=[
                Environment(name=name, lock=lock_sha256(name), ready=interpreter(name).exists())
                for name in names
            ],
            steps=[
                self._step(name, environment)
                for name, environment in self._steps.items()
                if self._tree.has(f"{PACKAGE}.steps.{name}")
            ],
        )

    def _step(self, name: str, environment: str) -> StepCapability:
        module = f"{PACKAGE}.steps.{name}"
        fields = self._tree.step_fields(module)
        return StepCapability(
            name=name,
            version=fields["version"],
            code=self._tree.code_sha256([module, *fields.get("code", ()), *_PROTOCOL]),
            environment=environment,
            inputs=list(fields.get("inputs", ())),
            sources=list(fields.get("sources", ())),
        )


def interpreter(environment: str) -> Path:
    """The Python of an environment: environments are folders side by side, one of them ours."""
    if environment == "core":
        return Path(sys.executable)
    folder = Path(sys.prefix).parent / environment
    if sys.platform == "win32":
        return folder / "Scripts" / "python.exe"
    return folder / "bin" / "python"

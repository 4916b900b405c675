"""The steps, each a package here that exports `STEP`.

Importing this package imports none of them: their libraries take seconds, and the API process
never needs them. A worker loads a step when it is first asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Step

# The environment whose worker runs each step, in the order of a run.
STEP_ENVIRONMENTS: Mapping[str, str] = {
    "ingest": "core",
    "check": "core",
    "features": "core",
    "select": "core",
    "train": "core",
    "backtest": "core",
    "judge": "core",
    "register": "core",
}

StepLoader = Callable[[str], Step[Any]]


def load_step(name: str) -> Step[Any]:
    """The step of that name; the first time, its libraries are imported.

    Raises:
        StepError: `step.unknown` if there is none.
    """
    if name not in STEP_ENVIRONMENTS:
        raise unknown_step(name, STEP_ENVIRONMENTS)
    return importlib.import_module(f"{__name__}.{name}").STEP


def unknown_step(name: str, known: Mapping[str, str]) -> StepError:
    return StepError(
        "step.unknown",
        f"There is no step {name!r}.",
        f"The steps are {', '.join(known)}.",
        step=name,
    )

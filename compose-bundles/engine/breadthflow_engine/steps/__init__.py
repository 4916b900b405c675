"""The steps, each a package here that exports `STEP`.

Importing this package imports none of them: their libraries take seconds, and the API process
never needs them. A worker loads a step when it is first asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Step

STEP_NAMES = (
    "ingest",
    "check",
    "features",
    "select",
    "train",
    "backtest",
    "judge",
    "register",
)

StepLoader = Callable[[str], Step[Any]]


def load_step(name: str) -> Step[Any]:
    """The step of that name.

    Raises:
        StepError: `step.unknown` if there is none.
    """
    if name not in STEP_NAMES:
        raise StepError(
            "step.unknown",
            f"There is no step {name!r}.",
            f"The steps are {', '.join(STEP_NAMES)}.",
            step=name,
        )
    return importlib.import_module(f"{__name__}.{name}").STEP

"""Parameters of the train step."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from breadthflow_engine.validation import Target, Validation

Engine = Literal["lightgbm", "elastic_net", "extra_trees"]


class Automl(BaseModel):
    """The search.

    Attributes:
        engines: what may be fitted.
        trials: configurations tried at most.
        budget_seconds: time for the search; the trial that runs when it ends is cancelled, but
            the first one is always finished. The final fit comes on top.
        ensemble: models in the ensemble at most.
        seed: the only source of chance.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    engines: list[Engine] = Field(default=["lightgbm", "elastic_net", "extra_trees"], min_length=1)
    trials: int = Field(default=24, ge=1, le=10_000)
    budget_seconds: float = Field(default=60, ge=0, le=86_400)
    ensemble: int = Field(default=4, ge=1, le=16)
    seed: int = Field(default=7, ge=0, le=2**31 - 1)


class TrainParams(BaseModel):
    model_config = ConfigDict(extra="forbid")

    target: Target
    validation: Validation = Validation()
    automl: Automl = Automl()
    start: str | None = None
    end: str | None = None
    symbols: list[str] | None = None

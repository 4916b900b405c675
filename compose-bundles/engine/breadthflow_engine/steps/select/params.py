"""The parameters of the select step."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from breadthflow_engine.validation import Target, Validation


class Selection(BaseModel):
    """The `selection` part of an idea.

    Attributes:
        max_features: how many are kept at most.
        max_correlation: above it, in size, one of two features goes.
        min_stability: share of training blocks in which the sign of the mean IC must agree with
            the sign over all of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_features: int = Field(default=40, ge=1, le=1000)
    max_correlation: float = Field(default=0.95, gt=0, le=1)
    min_stability: float = Field(default=0.6, ge=0, le=1)


class SelectParams(BaseModel):
    """What is predicted, how it is validated, what is kept. `start` and `end` are inclusive."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: Target
    validation: Validation = Validation()
    selection: Selection = Selection()
    start: dt.date | None = None
    end: dt.date | None = None
    symbols: list[str] | None = None

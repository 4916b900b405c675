"""Parameters of the judge step, and the levels that no idea may set for itself."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from breadthflow_engine.steps.judge.policy import Policy
from breadthflow_engine.validation.settings import Target

CONFIDENCE = 0.95
"""Of every interval; a gate on a lower bound so lets 1 worthless idea in 40 through."""

REPLICATES = 2000

LOOK_AHEAD_CUTS = 3

LEAK_DAYS = 40
"""On which features are held against labels; drawn from all of the history."""

IMPLAUSIBLE_ACCURACY = 0.85
"""Share of right directions. Shuffled cross-validation of prices shows 85.7 % where honest
validation shows 42 %: at this level one sees a leak, not a market."""

IMPLAUSIBLE_RETURN_IC = 0.2
"""Daily rank IC of a return. Published equity signals have 0.02 to 0.05; by the fundamental law of
active management 0.2 on a few hundred names would mean a yearly information ratio above 20."""

IMPLAUSIBLE_VOLATILITY_IC = 0.9
"""Daily rank IC of a volatility realised over some days. Those few returns measure it with so much
noise that a forecast that knew the true volatility would stay well below this."""


class JudgeParams(BaseModel):
    """`gates` is the whole policy, and `features` the idea's own list, so that the key of a verdict
    depends on both; `trials_on_data` counts every trial that was ever run on the data set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: Target
    gates: Policy = Policy()
    features: dict[str, Any] = Field(default_factory=dict)
    trials_on_data: int = Field(default=0, ge=0)

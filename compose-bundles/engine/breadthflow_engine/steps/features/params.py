"""The parameters of the features step."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Family = Literal["price", "volume", "volatility", "calendar", "cross_section", "sector"]
FAMILIES: tuple[Family, ...] = (
    "price",
    "volume",
    "volatility",
    "calendar",
    "cross_section",
    "sector",
)


class CustomFeature(BaseModel):
    """A feature of the idea's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    expression: str
    lookback: int = Field(ge=1)


class FeaturesParams(BaseModel):
    """Which features, of which bars. `start` and `end` are inclusive."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    families: list[Family] = Field(default_factory=lambda: list(FAMILIES))
    add: list[CustomFeature] = Field(default_factory=list)
    start: dt.date | None = None
    end: dt.date | None = None
    symbols: list[str] | None = None

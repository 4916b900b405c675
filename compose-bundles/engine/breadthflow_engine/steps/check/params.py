"""What the check is told beside the bars."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class CheckParams(BaseModel):
    """Parameters of the check step.

    Attributes:
        calendar: exchange calendar (a name of `exchange_calendars`, such as XNYS or 24/7) that
            says on which days there should be bars.
        today: bars after this day are from the future. A step has no clock, so the caller says
            what day it is; without it nothing counts as the future.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    calendar: str = Field(default="XNYS", min_length=1)
    today: date | None = None

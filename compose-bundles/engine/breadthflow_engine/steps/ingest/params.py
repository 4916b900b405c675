"""What a person may say about sources; everything left out is recognised from the files."""

from __future__ import annotations

from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

Role = Literal["symbol", "date", "open", "high", "low", "close", "volume", "adj_close", "sector"]


class IngestParams(BaseModel):
    """Parameters of the ingest step.

    Attributes:
        name: the data set's name.
        columns: the source's column for a role, where the names do not tell.
        timezone: IANA name of the exchange's time zone; timestamps with an offset are turned into
            its dates. Without it a timestamp's date is taken as it is written.
        date_format: `strftime` format of the date column, where its values do not tell.
        calendar: exchange calendar of the data set, kept in the summary for the check.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=100)
    columns: dict[Role, str] = Field(default_factory=dict)
    timezone: str | None = None
    date_format: str | None = None
    calendar: str | None = None

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (ZoneInfoNotFoundError, ValueError) as error:
                raise ValueError(
                    f"{value!r} is not a time zone; write one such as America/New_York"
                ) from error
        return value

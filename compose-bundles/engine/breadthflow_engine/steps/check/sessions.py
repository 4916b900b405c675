"""The exchange's days: which there were, and the place of each among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
from exchange_calendars import get_calendar
from exchange_calendars.errors import CalendarError, InvalidCalendarName

from breadthflow_engine.protocol.errors import StepError


@dataclass(frozen=True)
class Sessions:
    """The sessions from `first` to `last`.

    Attributes:
        days: the sessions, in order.
        places: for every calendar day from `first` on, the place of its session, or null.
    """

    first: date
    days: pl.Series
    places: pl.Series

    def place(self, dates: pl.Expr) -> pl.Expr:
        """The place of each date among the sessions; null on a day without one."""
        offset = (dates - pl.lit(self.first)).dt.total_days()
        return pl.lit(self.places).gather(offset.cast(pl.UInt32))


def load_sessions(calendar: str, first: date, last: date) -> Sessions:
    """Look up a calendar's sessions.

    Raises:
        StepError: `check.unknown_calendar` or `check.calendar_range`.
    """
    try:
        # A calendar wants at least one session within its bounds.
        found = get_calendar(calendar, start=first - timedelta(days=14), end=last)
    except InvalidCalendarName as error:
        raise StepError(
            "check.unknown_calendar",
            f"There is no exchange calendar {calendar!r}.",
            "Use a market's code such as XNYS, XLON or XTKS, or 24/7 for a market without rest.",
            field="calendar",
        ) from error
    except (CalendarError, ValueError) as error:
        raise StepError(
            "check.calendar_range",
            f"The calendar {calendar} does not cover {first} to {last}: {error}",
            "Check the dates of the bars, or use the calendar 24/7, which has no bounds.",
            field="calendar",
        ) from error
    days = pl.Series("date", list(found.sessions.date), dtype=pl.Date)
    days = days.filter((days >= first) & (days <= last))
    span = pl.date_range(first, last, eager=True).to_frame("date")
    places = span.join(days.to_frame().with_row_index("place"), on="date", how="left")
    return Sessions(first, days, places.sort("date")["place"].cast(pl.Int32))

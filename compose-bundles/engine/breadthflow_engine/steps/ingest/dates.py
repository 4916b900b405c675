"""How a date column is written, and turning it into dates without guessing.

A timestamp becomes the date that is written in it. Only with `timezone` given, and an offset in the
timestamp, is it first turned to that zone; timestamps of more than one offset need that, since one
instant has two dates otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from breadthflow_engine.protocol.errors import StepError

FORMATS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m-%d-%Y",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%b %d, %Y",
    "%b %d %Y",
)
_TIME = r"[T ]\d{1,2}:\d{2}.*$"
_OFFSET = r"(Z|[+-]\d{2}:?\d{2})$"
# Digits of a count since 1970 -> how many of it make a second.
_EPOCH = {10: 1, 13: 10**3, 16: 10**6, 19: 10**9}


@dataclass(frozen=True)
class DateRule:
    """How one source's dates are read.

    Attributes:
        written: the format, or `epoch`.
        per_second: for `epoch`, how many units make a second.
        has_time: whether a time of day is written too.
        zone: `None` for plain dates, `naive`, or the one offset of all timestamps.
        timezone: the zone whose dates are meant, when it was given and offsets are written.
    """

    written: str
    per_second: int = 1
    has_time: bool = False
    zone: str | None = None
    timezone: str | None = None

    @property
    def plain(self) -> bool:
        """Dates that the CSV reader itself can parse."""
        return self.written == "%Y-%m-%d" and not self.has_time

    def to_date(self, text: pl.Expr) -> pl.Expr:
        """Text as dates; null where it cannot be read."""
        text = text.str.strip_chars()
        if self.written == "epoch":
            seconds = text.cast(pl.Int64, strict=False) // self.per_second
            instant = pl.from_epoch(seconds, time_unit="s")
            if self.timezone:
                instant = instant.dt.replace_time_zone("UTC").dt.convert_time_zone(self.timezone)
            return instant.dt.date()
        if self.timezone and self.zone != "naive" and self.has_time:
            wall = text.str.slice(0, 19).str.replace(" ", "T").str
            offset = text.str.extract(_OFFSET).str.replace("Z", "+00:00").str.replace(":", "")
            minutes = offset.str.slice(1, 2).cast(pl.Int32) * 60 + offset.str.slice(3, 2).cast(
                pl.Int32
            )
            sign = pl.when(offset.str.starts_with("-")).then(-1).otherwise(1)
            instant = wall.to_datetime(f"{self.written}T%H:%M:%S", strict=False) - pl.duration(
                minutes=minutes * sign
            )
            zoned = instant.dt.replace_time_zone("UTC").dt.convert_time_zone(self.timezone)
            return zoned.dt.date()
        if self.has_time:
            text = text.str.replace(_TIME, "")
        return text.str.to_date(self.written, strict=False)


def settle_dates(
    file: str,
    column: str,
    whole: Callable[[], pl.Series],
    sample: pl.Series,
    timezone: str | None,
    told: str | None,
) -> DateRule:
    """Find out how a text column writes its dates.

    Args:
        whole: the distinct values of the whole column; asked for only when the sample leaves a
            doubt (03/04/2018) or shows time-zone offsets.
        sample: some of its values, at least one of them not null.
        told: a format that a person gave; nothing is guessed then.

    Raises:
        StepError: `ingest.unknown_dates`, `ingest.ambiguous_dates`, `ingest.mixed_time_zones`.
    """
    values = sample.drop_nulls().str.strip_chars()
    values = values.filter(values != "")
    if told is not None:
        return DateRule(told)
    digits = values.str.len_chars()
    if values.str.contains(r"^\d+$").all() and digits.n_unique() == 1 and digits[0] in _EPOCH:
        return DateRule("epoch", _EPOCH[digits[0]], has_time=True, zone="+00:00", timezone=timezone)
    has_time = bool(values.str.contains(_TIME).any())
    zone = None
    if has_time:
        everything = whole().drop_nulls().str.strip_chars()
        zone = _one_zone(file, column, everything, timezone)
    days = values.str.replace(_TIME, "")
    fits = _fitting(days)
    if len(fits) > 1:
        fits = [fmt for fmt in fits if fmt in _fitting(whole().drop_nulls().str.replace(_TIME, ""))]
    if len(fits) > 1:
        raise StepError(
            "ingest.ambiguous_dates",
            f"The dates of {file}, such as {days[0]}, can be read day first or month first.",
            f"Say which with `date_format`, for example {fits[0]!r} or {fits[1]!r}.",
            file=file,
            column=column,
            value=days[0],
        )
    if not fits:
        wrong = days.filter(days.str.to_date("%Y-%m-%d", strict=False).is_null())
        value = str(wrong[0] if len(wrong) else days[0])[:80]
        raise StepError(
            "ingest.unknown_dates",
            f"{file} has values in {column} that are not read as dates, such as {value!r}.",
            "Write dates as 2018-01-31, or give the column's format with `date_format`.",
            file=file,
            column=column,
            value=value,
        )
    return DateRule(fits[0], has_time=has_time, zone=zone, timezone=timezone)


def _fitting(days: pl.Series) -> list[str]:
    unique = days.unique(maintain_order=True)
    fits: list[str] = []
    readings: list[pl.Series] = []
    for fmt in FORMATS:
        read = unique.str.to_date(fmt, strict=False)
        # Two formats that read every value as the same day are one.
        if read.null_count() == 0 and not any(read.equals(other) for other in readings):
            fits.append(fmt)
            readings.append(read)
    return fits


def _one_zone(file: str, column: str, values: pl.Series, timezone: str | None) -> str:
    timed = values.filter(values.str.contains(_TIME))
    offsets = timed.str.extract(_OFFSET).fill_null("none").str.replace("^Z$", "+00:00").unique()
    zones = sorted(offsets.to_list())
    if len(zones) > 1 and (timezone is None or "none" in zones):
        raise mixed_time_zones(file, zones, column)
    return "naive" if zones == ["none"] else ", ".join(zones)


def mixed_time_zones(file: str, zones: list[str], column: str) -> StepError:
    return StepError(
        "ingest.mixed_time_zones",
        f"{file} mixes timestamps of different time zones ({', '.join(zones)}) in {column}, so "
        "their dates would not mean one thing.",
        "Give the exchange's zone, such as `timezone: America/New_York`, and an offset for every "
        "timestamp, or write plain dates.",
        file=file,
        column=column,
        zones=zones,
    )

"""One pass over the bars, a range of symbols at a time: what the rules need of it, and no more.

Ten million bars do not become ten million Python objects, nor one frame: each part leaves a few
small tables, and the rules are about those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from breadthflow_engine.bars.table import KEY, BarsVersion
from breadthflow_engine.steps.check.schema import PRICES, suspicious
from breadthflow_engine.steps.check.sessions import Sessions

PART_ROWS = 3_000_000
# A move below this is of no interest to any rule about jumps.
SMALLEST_MOVE = 0.08
# Bars that a day's volume and move are compared with: a month of trading.
MONTH = 21
# Standard deviation of a normal over its mean absolute value.
NORMAL = 1.2533
# A bar repeated so often is a feed that stood still, not a market.
STALE_BARS = 3


@dataclass(frozen=True)
class Panel:
    """What one pass found.

    Attributes:
        future: (symbol, date) of rows dated after today. No other table here has them: a rule that
            saw one bar of the year 2400 would miss every session until then.
        suspects: rows that break a rule about one bar, with `_row`, their number in the panel.
        moves: rows that moved much, with their neighbours' values (`p_`, `n_`), log returns
            `move` (close to close) and `gap` (close to open), and, against the month before,
            `volume_ratio` and `recent_scale` (the typical move).
        stale: rows that repeat the bar before them, in runs of `STALE_BARS` and more.
        gaps: (symbol, after, until): neighbouring bars with sessions between them.
        off_calendar: (date, rows): days that are no session.
        symbols: (symbol, first, last, rows, scale): `scale` is the typical daily move.
        per_day: (date, rows).
        repeated_keys: rows whose key is that of the row before.
        rows: all of them, the future's as well.
    """

    future: pl.DataFrame
    suspects: pl.DataFrame
    moves: pl.DataFrame
    stale: pl.DataFrame
    gaps: pl.DataFrame
    symbols: pl.DataFrame
    per_day: pl.DataFrame
    repeated_keys: int
    rows: int


def look(
    version: BarsVersion, sessions: Sessions, today: date | None, tell: Callable[[float], None]
) -> Panel:
    """Pass over the bars; `tell` hears the fraction done after each part."""
    found: list[_Part] = []
    future: list[pl.DataFrame] = []
    done = 0
    frame = version.in_order().select("symbol", "date", "open", "high", "low", "close", "volume")
    parts = list(_parts(version.frame))
    for number, symbols in enumerate(parts):
        part = (frame if symbols is None else frame.filter(symbols)).collect()
        past = part if today is None else part.filter(pl.col("date") <= today)
        future.append(part.head(0) if today is None else part.filter(pl.col("date") > today))
        found.append(_look_at(past, done, sessions))
        done += part.height
        tell((number + 1) / len(parts))
    days = pl.concat([part.per_day for part in found]).group_by("date").agg(pl.col("rows").sum())
    return Panel(
        future=pl.concat(future).select(KEY),
        suspects=pl.concat([part.suspects for part in found]),
        moves=pl.concat([part.moves for part in found]),
        stale=pl.concat([part.stale for part in found]),
        gaps=pl.concat([part.gaps for part in found]),
        symbols=pl.concat([part.symbols for part in found]),
        per_day=days.sort("date"),
        repeated_keys=sum(part.repeated_keys for part in found),
        rows=done,
    )


@dataclass(frozen=True)
class _Part:
    suspects: pl.DataFrame
    moves: pl.DataFrame
    stale: pl.DataFrame
    gaps: pl.DataFrame
    symbols: pl.DataFrame
    per_day: pl.DataFrame
    repeated_keys: int


def _parts(frame: pl.LazyFrame) -> Iterator[pl.Expr | None]:
    if frame.select(pl.len()).collect().item() <= PART_ROWS:
        yield None
        return
    counts = frame.group_by("symbol").len().collect(engine="streaming").sort("symbol")
    number = (counts["len"].cum_sum() - counts["len"]) // PART_ROWS
    for _, group in counts.group_by(number.alias("part"), maintain_order=True):
        symbols = group["symbol"]
        yield pl.col("symbol").is_between(pl.lit(symbols[0]), pl.lit(symbols[-1]))


def _look_at(part: pl.DataFrame, offset: int, sessions: Sessions) -> _Part:
    bars = _derived(part, offset, sessions)
    frame, day = bars.lazy(), pl.col("date")
    repeated = frame.select((pl.col("_inner") & (day == day.shift(1))).sum().alias("n"))
    per_day = frame.group_by("date").agg(pl.len().alias("rows"))
    plans = [
        frame.filter(_breaks_a_rule()),
        _big_moves(frame),
        _repeats(frame),
        _gaps(frame),
        _by_symbol(frame),
        per_day,
        repeated,
    ]
    suspects, moves, stale, gaps, symbols, days, keys = pl.collect_all(plans)
    moves = _with_neighbours(moves, bars, offset)
    return _Part(suspects, moves, _long_runs(stale), gaps, symbols, days, int(keys.item()))


def _derived(part: pl.DataFrame, offset: int, sessions: Sessions) -> pl.DataFrame:
    """Bars with `_row`, `_inner` (not the first of its symbol), `_place`, `move` and `gap`."""
    symbol, close = pl.col("symbol"), pl.col("close")
    return (
        part.with_row_index("_row", offset)
        .lazy()
        .with_columns(
            (symbol == symbol.shift(1)).fill_null(False).alias("_inner"),
            sessions.place(pl.col("date")).alias("_place"),
            pl.when(close > 0).then(close.log()).alias("_log"),
        )
        .with_columns(
            pl.when("_inner").then(pl.col("_log").diff()).alias("move"),
            pl.when("_inner").then(pl.col("open").log() - pl.col("_log").shift(1)).alias("gap"),
        )
        .collect()
    )


def _breaks_a_rule() -> pl.Expr:
    return pl.any_horizontal(
        suspicious(),
        pl.col("low") > pl.min_horizontal("open", "high", "close"),
        pl.col("high") < pl.max_horizontal("open", "low", "close"),
        pl.col("volume") == 0,
    )


def _big_moves(frame: pl.LazyFrame) -> pl.LazyFrame:
    symbol, volume, move = pl.col("symbol"), pl.col("volume"), pl.col("move")
    month = symbol == symbol.shift(MONTH)
    usual = pl.when(volume.is_finite()).then(volume).otherwise(0).rolling_mean(MONTH).shift(1)
    # Ordinary days say how calm the month was; a jump among them would hide the next one.
    calm = move.abs().clip(upper_bound=SMALLEST_MOVE).fill_null(0).rolling_mean(MONTH).shift(1)
    return frame.with_columns(
        pl.when(month).then(volume / usual).alias("volume_ratio"),
        pl.when(month).then(calm * NORMAL).alias("recent_scale"),
    ).filter((move.abs() > SMALLEST_MOVE) | (pl.col("gap").abs() > SMALLEST_MOVE))


def _repeats(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Rows without any trade to be seen: no range, or the bar before over again."""
    again = [pl.col(name) == pl.col(name).shift(1) for name in PRICES]
    flat = pl.col("high") == pl.col("low")
    same_close = pl.col("close") == pl.col("close").shift(1)
    return frame.filter(pl.col("_inner") & same_close & (flat | pl.all_horizontal(again))).select(
        "_row", "symbol", "date", "close"
    )


def _gaps(frame: pl.LazyFrame) -> pl.LazyFrame:
    place, day = pl.col("_place"), pl.col("date")
    return (
        frame.select(
            "symbol",
            day.shift(1).alias("after"),
            day.alias("until"),
            (pl.col("_inner") & (place - place.shift(1) > 1)).alias("_missed"),
        )
        .filter("_missed")
        .drop("_missed")
    )


def _by_symbol(frame: pl.LazyFrame) -> pl.LazyFrame:
    return (
        frame.with_columns(pl.col("symbol").set_sorted())
        .group_by("symbol", maintain_order=True)
        .agg(
            pl.col("date").first().alias("first"),
            pl.col("date").last().alias("last"),
            pl.len().alias("rows"),
            (pl.col("move").abs().mean() * NORMAL).alias("scale"),
        )
    )


def _with_neighbours(moves: pl.DataFrame, part: pl.DataFrame, offset: int) -> pl.DataFrame:
    """Add what the bars before (`p_`) and after (`n_`) say, null where there is none."""
    names = ("symbol", "date", "open", "high", "low", "close", "move")
    for mark, step in (("p", -1), ("n", 1)):
        place = moves["_row"].cast(pl.Int64) - offset + step
        inside = pl.select(pl.when(place.is_between(0, part.height - 1)).then(place)).to_series()
        beside = part.select(pl.col(names).gather(inside).name.prefix(f"{mark}_"))
        same = beside[f"{mark}_symbol"] == moves["symbol"]
        values = pl.col(f"{mark}_{name}" for name in names[1:])
        moves = moves.hstack(beside.select(pl.when(same).then(values)))
    return moves


def _long_runs(stale: pl.DataFrame) -> pl.DataFrame:
    run = pl.col("_row").cast(pl.Int64) - pl.int_range(pl.len())
    return (
        stale.with_columns(run.alias("_run"))
        .filter(pl.len().over("symbol", "_run") >= STALE_BARS)
        .drop("_run")
    )

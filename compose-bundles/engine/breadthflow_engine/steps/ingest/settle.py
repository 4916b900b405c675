"""From scans in source order to Parquet parts in key order, one row a key.

Rule for two rows with one key: the last one in source order wins. The common case, sources that
are already in order, costs one streaming pass to write and one over the keys to know it; otherwise
the rows are sorted one range of symbols at a time, so that memory stays bounded: out of memory
where all of them fit there, else out of a file.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.ingest.scan import BarsScan

KEY = ("symbol", "date")
# Rows that are compared, or read from a file and sorted, at a time: about 300 MB of bars.
RANGE_ROWS = 3_500_000
# Rows that are put in order while as many are written.
PART_ROWS = 1_000_000
# A key is a whole number: the symbol's place times this, and the day.
_PLACE = 2**32
BEGIN_ROWS = 1000
# Sources up to this size, which is about what their bars take in memory, are sorted there.
IN_MEMORY_BYTES = 1_000_000_000
# Exchanges' longest symbols, options included, have 21 characters; more than this is a broken line.
LONGEST_SYMBOL = 64
DUPLICATE_RULE = "the last row in source order wins"


@dataclass(frozen=True)
class Settled:
    """Parts whose rows, read in this order, are sorted by key and unique.

    Attributes:
        duplicates: rows left out because a later one has their key.
        identical: how many of those said the same as the row that stayed.
    """

    parts: tuple[Path, ...]
    source_rows: int
    rows: int
    duplicates: int
    identical: int


def write_part(
    frame: pl.LazyFrame, folder: Path, compression: Literal["zstd", "lz4"] = "zstd"
) -> Path:
    """Write one part, flushed to the disk, since a commit will point at it.

    Level 1 of zstd: a third less work than the default for a tenth more bytes.
    """
    path = folder / f"part-{uuid.uuid4().hex}.parquet"
    folder.mkdir(parents=True, exist_ok=True)
    frame.sink_parquet(
        path,
        compression=compression,
        compression_level=1 if compression == "zstd" else None,
        sync_on_close="data",
    )
    return path


def settle(scans: Sequence[BarsScan], staging: Path) -> Settled:
    """Write all scans' rows as sorted, unique parts in `staging`.

    Raises:
        StepError: `ingest.no_rows`, `ingest.intraday`, and what reading a source carefully raises.
    """
    for scan in scans:
        _refuse_intraday(scan)
    staged = _stage(scans, staging)
    keys = _look_at_keys(staged.frame)
    if keys.missing:
        staged.drop()
        staged = _Staged.written(_together(scan.careful() for scan in scans), staging)
        keys = _look_at_keys(staged.frame)
    if keys.rows == 0:
        raise no_rows([scan.file for scan in scans])
    if keys.longest_symbol > LONGEST_SYMBOL:
        raise _too_long_symbol(scans, keys.longest_symbol)
    if keys.in_order and not keys.repeats:
        part = staged.part or write_part(staged.frame, staging)
        return Settled((part,), keys.rows, keys.rows, 0, 0)
    written = _write_all(_sorted_rows(staged), staging)
    staged.drop()
    rows = sum(part.rows for part in written)
    return Settled(
        tuple(part.path for part in written),
        keys.rows,
        rows,
        keys.rows - rows,
        sum(part.identical for part in written),
    )


def _write_all(ranges: Iterator[_Rows], folder: Path) -> list[_Part]:
    """One stretch is put in order while the one before is written; memory stays bounded."""
    written: list[_Part] = []
    with ThreadPoolExecutor(1) as writer:
        under_way: Future[_Part] | None = None
        for rows in ranges:
            if under_way is not None:
                written.append(under_way.result())
            under_way = writer.submit(_write_rows, rows, folder)
        if under_way is not None:
            written.append(under_way.result())
    return written


def _write_rows(rows: _Rows, folder: Path) -> _Part:
    return _Part(write_part(rows.frame.lazy(), folder), rows.frame.height, rows.identical)


def _sorted_rows(staged: _Staged) -> Iterator[_Rows]:
    """All rows sorted by key, one row a key, a stretch of them at a time."""
    columns = staged.frame.collect_schema().names()
    names = staged.frame.select(pl.col("symbol").unique().sort()).collect().to_series().rechunk()
    for frame in _coded(staged, names):
        for rows in _stretches(frame):
            symbol = names.gather(rows.frame["_place"]).alias("symbol")
            yield _Rows(rows.frame.with_columns(symbol).select(columns), rows.identical)


def _coded(staged: _Staged, names: pl.Series) -> Iterator[pl.DataFrame]:
    """Ranges of symbols with `_place`, where a symbol stands in `names`, in the stead of `symbol`.

    Whole numbers are told apart, sorted and moved in half the time of texts.
    """
    place = pl.col("symbol").cast(pl.Enum(names)).to_physical().alias("_place")
    coded = (place, pl.exclude("symbol"))
    if staged.part is None:
        yield staged.frame.select(coded).collect()
        return
    for first, last in symbol_ranges(staged.frame):
        # By the symbol, stretches of a file that is in order are passed over unread.
        mine = pl.col("symbol").is_between(pl.lit(first), pl.lit(last))
        yield staged.frame.filter(mine).select(coded).collect().rechunk()


def _stretches(frame: pl.DataFrame) -> Iterator[_Rows]:
    """Of about `PART_ROWS`, whole symbols each, in the order of the keys; of one key the last row.

    What goes where is known from the keys alone, so that all else is moved once.
    """
    place, date = pl.col("_place").cast(pl.Int64), pl.col("date").to_physical().cast(pl.Int64)
    keys = frame.select((place * _PLACE + date).alias("key"))
    order = keys.select(pl.arg_sort_by("key", maintain_order=True)).to_series()
    key = keys.to_series().gather(order)
    after, repeated = order.shift(-1), (key == key.shift(-1)).fill_null(value=False)
    start = 0
    while start < frame.height:
        length = _whole_symbols(key, start)
        rows, later, again = (whole.slice(start, length) for whole in (order, after, repeated))
        if again.any():
            same = _same(frame[rows.filter(again)], frame[later.filter(again)])
            yield _Rows(frame[rows.filter(~again)], same)
        else:
            yield _Rows(frame[rows], 0)
        start += length


def _whole_symbols(key: pl.Series, start: int) -> int:
    """How many rows from `start` are about `PART_ROWS` and end where a symbol ends."""
    end = start + PART_ROWS
    if end >= len(key):
        return len(key) - start
    place = key[end] // _PLACE
    before, behind = key.search_sorted(place * _PLACE), key.search_sorted((place + 1) * _PLACE)
    return (before if before > start else behind) - start


def _same(former: pl.DataFrame, later: pl.DataFrame) -> int:
    """How many rows say the same in both."""
    columns = zip(former.iter_columns(), later.iter_columns(), strict=True)
    same = pl.all_horizontal(pl.lit(one.eq_missing(other)) for one, other in columns)
    return pl.select(same.sum()).item()


def symbol_ranges(frame: pl.LazyFrame) -> Iterator[tuple[str, str]]:
    """First and last symbol of each of the ranges, in order, of about `RANGE_ROWS` rows."""
    counts = frame.group_by("symbol").len().collect(engine="streaming").sort("symbol")
    number = (counts["len"].cum_sum() - counts["len"]) // RANGE_ROWS
    for group in counts.group_by(number.alias("range"), maintain_order=True):
        symbols = group[1]["symbol"]
        yield symbols[0], symbols[-1]


def no_rows(files: Sequence[str]) -> StepError:
    return StepError(
        "ingest.no_rows",
        f"There are no bars in {', '.join(files[:5])}{'…' if len(files) > 5 else ''}.",
        "Name a file that holds at least one line of data below its header.",
        file=files[0] if files else "",
    )


@dataclass(frozen=True)
class _Keys:
    rows: int
    missing: int
    in_order: bool
    repeats: int
    longest_symbol: int


@dataclass(frozen=True)
class _Staged:
    """All rows in source order: as a part of their own, or in memory."""

    frame: pl.LazyFrame
    part: Path | None = None

    @classmethod
    def written(
        cls, frame: pl.LazyFrame, folder: Path, compression: Literal["zstd", "lz4"] = "zstd"
    ) -> _Staged:
        part = write_part(frame, folder, compression)
        return cls(pl.scan_parquet(part), part)

    def drop(self) -> None:
        if self.part is not None:
            os.remove(self.part)


def _stage(scans: Sequence[BarsScan], staging: Path) -> _Staged:
    try:
        begin = scans[0].frame.select(KEY).head(BEGIN_ROWS).collect()
        frame = _together(scan.frame for scan in scans)
        # Many symbols of one day are in order, but what follows them is the next day.
        by_date = begin["date"].n_unique() == 1 < begin.height
        if not by_date and begin.equals(begin.sort(KEY)):
            return _Staged.written(frame, staging)
        # Rows that begin out of order are about to be written again: spend less on the first time.
        if sum(scan.size for scan in scans) <= IN_MEMORY_BYTES:
            return _Staged(_in_one_piece(frame.collect(engine="streaming")).lazy())
        return _Staged.written(frame, staging, "lz4")
    except (pl.exceptions.PolarsError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        # Something is not what the quick reader expects: read again, as text and carefully,
        # which either understands it or says where it is.
        return _Staged.written(_together(scan.careful() for scan in scans), staging)


def _in_one_piece(frame: pl.DataFrame) -> pl.DataFrame:
    """Each column moved into one piece, which is read several times faster; `frame` is used up."""
    return pl.DataFrame([frame.drop_in_place(name).rechunk() for name in frame.columns])


def _together(frames: Iterator[pl.LazyFrame]) -> pl.LazyFrame:
    return pl.concat(list(frames), how="diagonal")


def _look_at_keys(staged: pl.LazyFrame) -> _Keys:
    symbol, date = pl.col("symbol"), pl.col("date")
    before_symbol, before_date = symbol.shift(1), date.shift(1)
    same = symbol == before_symbol
    row = (
        staged.select(
            pl.len().alias("rows"),
            (symbol.is_null() | (symbol == "") | date.is_null()).sum().alias("missing"),
            ((symbol < before_symbol) | (same & (date < before_date))).sum().alias("back"),
            (same & (date == before_date)).sum().alias("repeats"),
            symbol.str.len_bytes().max().fill_null(0).alias("longest"),
        )
        .collect(engine="streaming")
        .row(0, named=True)
    )
    return _Keys(row["rows"], row["missing"], row["back"] == 0, row["repeats"], row["longest"])


@dataclass(frozen=True)
class _Rows:
    """Rows in key order, one a key, and how many of those left out said the same."""

    frame: pl.DataFrame
    identical: int


@dataclass(frozen=True)
class _Part:
    path: Path
    rows: int
    identical: int


def _too_long_symbol(scans: Sequence[BarsScan], length: int) -> StepError:
    too_long = pl.col("symbol").str.len_bytes() > LONGEST_SYMBOL
    file = next(
        (
            scan.file
            for scan in scans
            if not scan.frame.filter(too_long).head(1).collect().is_empty()
        ),
        scans[0].file,
    )
    return StepError(
        "ingest.symbol_too_long",
        f"{file} has a symbol of {length:,} characters.",
        f"Symbols have {LONGEST_SYMBOL} at most; look for a broken line or a wrong column.",
        file=file,
        column="symbol",
    )


def _refuse_intraday(scan: BarsScan) -> None:
    if scan.timestamps is None:
        return
    many = (
        scan.timestamps.group_by(KEY)
        .agg(pl.col("instant").n_unique().alias("instants"))
        .filter(pl.col("instants") > 1)
        .head(1)
        .collect()
    )
    if not many.is_empty():
        symbol, date, instants = many.row(0)
        raise StepError(
            "ingest.intraday",
            f"{scan.file} has {instants} bars of {symbol} at different times of {date}: it holds "
            "bars within a day.",
            "Import daily bars; sum these up to one bar a day first.",
            file=scan.file,
            symbol=symbol,
            date=str(date),
        )

"""From scans in source order to Parquet parts in key order, one row a key.

Rule for two rows with one key: the last one in source order wins. The common case, sources that
are already in order, costs one streaming pass to write and one over the keys to know it; otherwise
the rows are sorted one range of symbols at a time, so that memory stays bounded.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.ingest.scan import BarsScan

KEY = ("symbol", "date")
# Rows that are sorted or compared at a time: about 300 MB of bars.
RANGE_ROWS = 3_500_000
BEGIN_ROWS = 1000
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
    keys = _look_at_keys(staged)
    if keys.missing:
        os.remove(staged)
        staged = write_part(_together(scan.careful() for scan in scans), staging)
        keys = _look_at_keys(staged)
    if keys.rows == 0:
        raise no_rows([scan.file for scan in scans])
    if keys.longest_symbol > LONGEST_SYMBOL:
        raise _too_long_symbol(scans, keys.longest_symbol)
    if keys.in_order and not keys.repeats:
        return Settled((staged,), keys.rows, keys.rows, 0, 0)
    parts: list[Path] = []
    rows = identical = 0
    for frame in [pl.scan_parquet(staged)] if keys.in_order else _sorted_ranges(staged):
        kept, same = _last_of_each(frame)
        parts.append(write_part(kept, staging))
        identical += same
        rows += pl.scan_parquet(parts[-1]).select(pl.len()).collect().item()
    os.remove(staged)
    return Settled(tuple(parts), keys.rows, rows, keys.rows - rows, identical)


def _sorted_ranges(staged: Path) -> Iterator[pl.LazyFrame]:
    """Each range of symbols, sorted by key; rows of one key stay in source order."""
    for symbols in symbol_ranges(pl.scan_parquet(staged)):
        rows = pl.scan_parquet(staged).filter(symbols).collect()
        names = rows["symbol"].unique().sort()
        # One whole number sorts in half the time of a text and a date.
        place = pl.col("symbol").cast(pl.Enum(names)).to_physical().cast(pl.Int64)
        day = pl.col("date").to_physical().cast(pl.Int64)
        yield (
            rows.with_columns((place * 2**32 + day).alias("_key"))
            .sort("_key", maintain_order=True)
            .drop("_key")
            .lazy()
        )


def symbol_ranges(frame: pl.LazyFrame) -> Iterator[pl.Expr]:
    """Filters that cut a frame into ranges of whole symbols, in order, of about `RANGE_ROWS`."""
    counts = frame.group_by("symbol").len().collect(engine="streaming").sort("symbol")
    number = (counts["len"].cum_sum() - counts["len"]) // RANGE_ROWS
    for group in counts.group_by(number.alias("range"), maintain_order=True):
        symbols = group[1]["symbol"]
        yield pl.col("symbol").is_between(pl.lit(symbols[0]), pl.lit(symbols[-1]))


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


def _stage(scans: Sequence[BarsScan], staging: Path) -> Path:
    try:
        # Rows that begin out of order are about to be written again: spend less on the first time.
        begin = scans[0].frame.select(KEY).head(BEGIN_ROWS).collect()
        ordered = begin.equals(begin.sort(KEY))
        return write_part(
            _together(scan.frame for scan in scans), staging, "zstd" if ordered else "lz4"
        )
    except (pl.exceptions.PolarsError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        # Something is not what the quick reader expects: read again, as text and carefully,
        # which either understands it or says where it is.
        return write_part(_together(scan.careful() for scan in scans), staging)


def _together(frames: Iterator[pl.LazyFrame]) -> pl.LazyFrame:
    return pl.concat(list(frames), how="diagonal")


def _look_at_keys(part: Path) -> _Keys:
    symbol, date = pl.col("symbol"), pl.col("date")
    before_symbol, before_date = symbol.shift(1), date.shift(1)
    same = symbol == before_symbol
    row = (
        pl.scan_parquet(part)
        .select(
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


def _last_of_each(frame: pl.LazyFrame) -> tuple[pl.LazyFrame, int]:
    """Of sorted rows, the last one of each key; and how many of the others said the same."""
    values = [name for name in frame.collect_schema().names() if name not in KEY]
    repeated = pl.all_horizontal(pl.col(name) == pl.col(name).shift(-1) for name in KEY)
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(-1)) for name in values)
    marked = frame.with_columns(repeated.fill_null(False).alias("_repeated"))
    identical = marked.select((pl.col("_repeated") & same).sum()).collect(engine="streaming").item()
    return marked.filter(~pl.col("_repeated")).drop("_repeated"), int(identical)


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

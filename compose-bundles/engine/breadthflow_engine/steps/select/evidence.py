"""What is known of every feature on every day; made once, then read by each fold for its days.

A day's ranks and IC rest on that day's rows alone, so they can be made for all days together; which
days a fold may look at is settled where they are added up.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.select.day_ranks import rank_days
from breadthflow_engine.validation import Fold

MAX_ROWS = 200_000
MAX_STRIDE = 5
MIN_DAYS = 100


@dataclass(frozen=True)
class Evidence:
    """Shapes: D days, F features, R rows sorted by day.

    Attributes:
        names: the features, F.
        days: the days looked at, D.
        label_ends: the last day that any label of the day reaches, D.
        starts: first row of each day, and R; D + 1.
        scores: ranks within the day, centred, of unit variance, 0 where missing; [R, F].
        label_scores: the same of the label; [R].
        ic: daily rank IC, NaN where there is none; [D, F].
        present: values that are there; [D, F].
        levels: mean over the symbols of the day, NaN where there is none; [D, F].
    """

    names: tuple[str, ...]
    days: NDArray[np.datetime64]
    label_ends: NDArray[np.datetime64]
    starts: NDArray[np.int64]
    scores: NDArray[np.float32]
    label_scores: NDArray[np.float32]
    ic: NDArray[np.float64]
    present: NDArray[np.int64]
    levels: NDArray[np.float64]

    def training_days(self, fold: Fold | None) -> NDArray[np.bool_]:
        """The days that a fold may train on; all of them without a fold.

        A day counts only if every label on it is known by the end of the purge.
        """
        if fold is None:
            return np.ones(len(self.days), dtype=np.bool_)
        return (
            (self.days >= _day(fold.train_start))
            & (self.days <= _day(fold.train_end))
            & (self.label_ends <= _day(fold.purge_end))
        )


def gather_evidence(
    features: Path,
    labels: pl.DataFrame,
    *,
    horizon: int,
    threads: int,
    progress: Callable[[int, int], None],
) -> Evidence:
    """Rank every feature against the label on a sample of the days.

    Every `stride`-th day is looked at: labels of neighbouring days overlap, and tell the same.

    Args:
        features: the table of the features step.
        labels: symbol, date, label, label_end.
        horizon: bars that a label reaches ahead.
        threads: how many features are ranked side by side.
        progress: called with the number of features done, and of all.

    Raises:
        StepError: `select.no_rows` if features and labels have no row in common.
    """
    keys = pl.read_parquet(features, columns=["symbol", "date"]).with_row_index("row")
    names = tuple(n for n in pl.read_parquet_schema(features) if n not in ("symbol", "date"))
    days = labels["date"].unique().sort()
    sampled = days.gather_every(_stride(len(days), labels.height, horizon))
    rows = (
        keys.join(labels, on=["symbol", "date"], how="inner")
        .filter(pl.col("date").is_in(sampled.implode()))
        .sort("date", "row")
    )
    if rows.is_empty():
        raise StepError(
            "select.no_rows",
            "No row has both features and a label: the two cover different symbols or dates.",
            "Give the features step and the select step the same universe.",
        )
    per_day = rows.group_by("date", maintain_order=True).agg(pl.len(), pl.col("label_end").max())
    starts = np.concatenate(([0], np.cumsum(per_day["len"].to_numpy()))).astype(np.int64)
    count = len(names)
    scores = np.empty((rows.height, count), dtype=np.float32, order="F")
    ic = np.empty((per_day.height, count), order="F")
    present = np.empty((per_day.height, count), dtype=np.int64, order="F")
    levels = np.empty((per_day.height, count), order="F")
    label_ranks = rows.select(pl.col("label").rank("average").over("date")).to_series().to_numpy()
    order = rows["row"].to_numpy()
    table = pl.read_parquet(features, columns=list(names))

    def rank(i: int) -> int:
        values = np.ascontiguousarray(table[names[i]].cast(pl.Float32).to_numpy()[order])
        rank_days(values, label_ranks, starts, scores[:, i], ic[:, i], present[:, i])
        sums = np.add.reduceat(np.nan_to_num(values, posinf=0, neginf=0), starts[:-1], dtype=float)
        levels[:, i] = np.divide(
            sums, present[:, i], out=np.full(len(sums), np.nan), where=present[:, i] > 0
        )
        return i

    with ThreadPoolExecutor(threads) as pool:
        for done, _ in enumerate(pool.map(rank, range(count)), start=1):
            if done % max(1, count // 10) == 0:
                progress(done, count)
    return Evidence(
        names=names,
        days=per_day["date"].to_numpy(),
        label_ends=per_day["label_end"].to_numpy(),
        starts=starts,
        scores=scores,
        label_scores=_standardised(label_ranks, starts),
        ic=ic,
        present=present,
        levels=levels,
    )


def _stride(days: int, rows: int, horizon: int) -> int:
    """As far apart as labels are long, while enough days are left and the rows stay few."""
    wanted = max(min(horizon, MAX_STRIDE), math.ceil(rows / MAX_ROWS))
    return max(1, min(wanted, days // MIN_DAYS))


def _standardised(ranks: NDArray, starts: NDArray[np.int64]) -> NDArray[np.float32]:
    counts = np.diff(starts)
    centred = ranks - np.repeat(np.add.reduceat(ranks, starts[:-1]) / counts, counts)
    spread = np.sqrt(np.add.reduceat(centred**2, starts[:-1]) / counts)
    return np.divide(
        centred, np.repeat(spread, counts), out=np.zeros_like(centred), where=centred != 0
    ).astype(np.float32)


def _day(day: dt.date) -> np.datetime64:
    return np.datetime64(day)

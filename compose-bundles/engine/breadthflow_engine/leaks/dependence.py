"""How features hang on labels of other days: what was already past, and what was still ahead.

The label of day t + k is made from bars up to t + k + h. Up to k = -h that is all past at t, and
any feature may know it, even exactly (a lagged label). From k = 1 - h on a part lies ahead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.leaks.subject import Subject

MIN_ROWS = 400
MIN_SYMBOLS = 3

Floats = NDArray[np.float64]
Bounds = NDArray[np.int64]


@dataclass(frozen=True)
class Dependence:
    """Shapes: K shifts, F features.

    Attributes:
        names: F.
        shifts: K, ascending.
        ic: (K, F) mean daily rank IC.
        error: (K, F) standard error of that mean.
        function: (K, F) square root of Chatterjee's (2021) coefficient of the feature on the label,
            within days: near 1 where the feature is a function of the label, monotone or not.
        persistence: mean daily rank IC of the last label that is past, h bars before, with the
            label of the day.
        days, rows: how many were looked at.
    """

    names: list[str]
    shifts: NDArray[np.int64]
    ic: Floats
    error: Floats
    function: Floats
    persistence: float
    days: int
    rows: int

    @property
    def strength(self) -> Floats:
        return np.maximum(np.abs(self.ic), self.function)


def label_shifts(horizon: int) -> list[int]:
    """The shifts looked at: wholly past, partly ahead, wholly ahead."""
    h, half = horizon, horizon // 2
    return sorted({-2 * h, -h - 1, -h, 1 - h, -half, -1, 0, 1, half, h})


def measure(subject: Subject) -> Dependence | None:
    """None where there are too few rows with a past and a future."""
    if subject.features is None or subject.labels is None:
        return None
    horizon, names = subject.target.horizon, subject.feature_names
    shifts = label_shifts(horizon)
    days = subject.features["date"].unique()
    shifted = (
        subject.labels.lazy()
        .sort("symbol", "date")
        .select(
            "symbol",
            "date",
            *(pl.col("label").shift(-k).over("symbol").alias(f"@{k}") for k in shifts),
        )
        .filter(pl.col("date").is_in(days.implode()))
        .drop_nulls()
    )
    rows = (
        shifted.join(subject.features.lazy(), on=["symbol", "date"], how="inner")
        .filter(pl.len().over("date") >= MIN_SYMBOLS)
        .sort("date", "symbol")
        .collect()
    )
    if rows.height < MIN_ROWS or not names:
        return None
    starts = np.flatnonzero(np.r_[True, np.diff(rows["date"].to_physical().to_numpy()) != 0])
    sizes = np.diff(np.append(starts, rows.height))
    features = _standard_ranks(rows, names, starts, sizes)
    labels = _standard_ranks(rows, [f"@{k}" for k in shifts], starts, sizes)
    ic = np.empty((len(shifts), len(names)))
    error, function = np.empty_like(ic), np.empty_like(ic)
    usual = _gini(features, starts, sizes)
    # Even neighbours in perfect order are one rank apart.
    reachable = 1 - 3 * (sizes - 1).sum() / (sizes**2 - 1).sum()
    for at in range(len(shifts)):
        daily = np.add.reduceat(features * labels[:, at : at + 1], starts) / sizes[:, None]
        ic[at] = daily.mean(axis=0)
        error[at] = daily.std(axis=0) / math.sqrt(max(1, len(daily) - 1))
        apart = _neighbours(features, labels[:, at], starts, sizes)
        share = np.divide(apart, usual, out=np.ones_like(apart), where=usual > 0)
        function[at] = np.sqrt(np.clip((1 - share) / reachable, 0, 1))
    past, now = labels[:, shifts.index(-horizon)], labels[:, shifts.index(0)]
    persistence = float((np.add.reduceat(past * now, starts) / sizes).mean())
    return Dependence(
        names, np.array(shifts), ic, error, function, persistence, len(starts), rows.height
    )


def _standard_ranks(rows: pl.DataFrame, names: list[str], starts: Bounds, sizes: Bounds) -> Floats:
    """Ranks within the day, of mean 0 and variance 1; 0 where missing or all alike."""
    finite = [
        pl.when(pl.col(name).is_finite()).then(pl.col(name)).rank("average").over("date")
        for name in names
    ]
    ranks = rows.select(finite).cast(pl.Float64).to_numpy()
    there = np.isfinite(ranks)
    counts = np.maximum(np.add.reduceat(there.astype(float), starts), 1)
    means = np.add.reduceat(np.where(there, ranks, 0.0), starts) / counts
    centred = np.where(there, ranks - np.repeat(means, sizes, axis=0), 0.0)
    spread = np.sqrt(np.add.reduceat(centred**2, starts) / sizes[:, None])
    wide = np.repeat(spread, sizes, axis=0)
    return np.divide(centred, wide, out=np.zeros_like(centred), where=wide > 0)


def _gini(features: Floats, starts: Bounds, sizes: Bounds) -> Floats:
    """Mean difference of two symbols of a day, times its neighbours, summed over days; (F,)."""
    day = np.repeat(np.arange(len(sizes)), sizes)
    place = np.arange(len(day)) - np.repeat(starts, sizes)
    weight = ((2 * place + 1 - sizes[day]) * 2 / sizes[day])[:, None]
    total = np.empty(features.shape[1])
    for at in range(features.shape[1]):
        column = features[:, at]
        total[at] = (column[np.lexsort((column, day))] * weight[:, 0]).sum()
    return total


def _neighbours(features: Floats, label: Floats, starts: Bounds, sizes: Bounds) -> Floats:
    """Differences between the symbols of a day whose labels are next to each other, summed; (F,)"""
    day = np.repeat(np.arange(len(sizes)), sizes)
    apart = np.abs(np.diff(features[np.lexsort((label, day))], axis=0))
    apart[starts[1:] - 1] = 0.0
    return apart.sum(axis=0)

"""The test that no feature sees the future: recompute on data cut at t, and compare at t."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

from breadthflow_engine.language.compiling import compile_features
from breadthflow_engine.language.nodes import FeatureSpec

Compiler = Callable[[pl.LazyFrame, list[FeatureSpec], pl.DataFrame | None], pl.LazyFrame]


@dataclass(frozen=True, slots=True)
class Leak:
    """A feature whose value on `date` changes when the bars after that date are taken away."""

    feature: str
    date: dt.date


def look_ahead_test(
    bars: pl.LazyFrame,
    specs: Iterable[FeatureSpec],
    attributes: pl.DataFrame | None,
    cuts: Iterable[dt.date],
    *,
    full: pl.LazyFrame | None = None,
    compiler: Compiler = compile_features,
) -> list[Leak]:
    """Which features depend on bars after their own date.

    Args:
        bars: as for `compile_features`.
        specs: the features to test.
        attributes: as for `compile_features`.
        cuts: dates t; for each the features are computed again from the bars up to t, and every
            symbol's value at t must be identical to the last bit, missing values included.
        full: the features computed from all bars, such as a features artifact; computed here
            when absent.
        compiler: what makes the features; a test of this test gives one that leaks.

    Returns:
        One leak a feature, with its first date; empty when nothing looks ahead.
    """
    kept = list(specs)
    days = sorted(set(cuts))
    names = [spec.name for spec in kept]
    whole = (
        (compiler(bars, kept, attributes) if full is None else full)
        .filter(pl.col("date").is_in(days))
        .select("symbol", "date", *names)
        .collect(engine="in-memory")
    )
    leaks: dict[str, Leak] = {}
    for day in days:
        expected = whole.filter(pl.col("date") == day).sort("symbol")
        cut = compiler(bars.filter(pl.col("date") <= day), kept, attributes)
        found = (
            cut.filter(pl.col("date") == day)
            .select("symbol", "date", *names)
            .collect(engine="in-memory")
        )
        found = found.sort("symbol")
        if not found["symbol"].equals(expected["symbol"]):
            return [Leak(name, day) for name in names]
        for name in names:
            if name not in leaks and not found[name].equals(expected[name], null_equal=True):
                leaks[name] = Leak(name, day)
    return [leaks[name] for name in names if name in leaks]

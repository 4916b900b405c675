"""The look-ahead test finds what looks ahead, names it and the first date, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl
import pytest

from breadthflow_engine.language import (
    FeatureSpec,
    Leak,
    compile_features,
    look_ahead_test,
)

CLEAN = [
    FeatureSpec("momentum", "log(close / delay(close, 5))", 6),
    FeatureSpec("place", "rank(stdev(returns, 21))", 22),
]
CUTS = [dt.date(2020, 7, 1), dt.date(2020, 4, 1)]


def test_honest_features_pass(bars: pl.DataFrame) -> None:
    assert look_ahead_test(bars.lazy(), CLEAN, None, CUTS) == []


@pytest.mark.parametrize(
    "leak",
    [
        lambda x: x.shift(-1).over("symbol"),
        lambda x: x - x.mean().over("symbol"),
        lambda x: x.fill_null(strategy="backward").over("symbol") + x.max(),
        lambda x: (x.rank() / x.count()).cast(pl.Float32),
    ],
    ids=["tomorrow", "mean of all time", "greatest of all", "rank over all time"],
)
def test_a_leaking_frame_is_caught(bars: pl.DataFrame, leak: Callable[[pl.Expr], pl.Expr]) -> None:
    def leaking(frame, specs, attributes):
        return compile_features(frame, specs, attributes).with_columns(
            leak(pl.col("momentum")).cast(pl.Float32)
        )

    found = look_ahead_test(bars.lazy(), CLEAN, None, CUTS, compiler=leaking)
    assert found == [Leak("momentum", min(CUTS))]


def test_a_stored_table_that_saw_the_future_is_caught(bars: pl.DataFrame) -> None:
    honest = compile_features(bars.lazy(), CLEAN)
    assert look_ahead_test(bars.lazy(), CLEAN, None, CUTS, full=honest) == []
    stored = honest.with_columns(pl.col("momentum").shift(-1).over("symbol"))
    found = look_ahead_test(bars.lazy(), CLEAN, None, CUTS, full=stored)
    assert [leak.feature for leak in found] == ["momentum"]

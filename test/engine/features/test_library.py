"""Every built-in feature: true look-back, nothing of the future, on real prices."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from breadthflow_engine.language import (
    FeatureSpec,
    check_features,
    compile_features,
    look_ahead_test,
    needed_lookback,
)
from breadthflow_engine.steps.features.library import LIBRARY
from breadthflow_engine.steps.features.params import FAMILIES

SPECS = [spec for specs in LIBRARY.values() for spec in specs]


@pytest.fixture(scope="module")
def bars(demo_folder: Path) -> pl.DataFrame:
    """Forty companies with missing values (DHR, O, WRK, FTV), late listings (FTV, BHF, HPE), an
    unadjusted action (NI, EBAY) and a bad print (LNT), as they were imported."""
    table = pl.read_parquet(demo_folder / "sp500_daily_2013_2018.parquet")
    named = ["DHR", "O", "WRK", "FTV", "BHF", "HPE", "NI", "EBAY", "LNT"]
    rest = [s for s in table["symbol"].unique().sort().gather_every(16) if s not in named]
    return table.filter(pl.col("symbol").is_in(named + rest)).sort("symbol", "date")


@pytest.fixture(scope="module")
def sectors(demo_folder: Path) -> pl.DataFrame:
    return pl.read_csv(demo_folder / "sectors.csv")


def test_there_are_features_of_every_family() -> None:
    assert tuple(LIBRARY) == FAMILIES
    assert all(LIBRARY.values())
    assert len(SPECS) >= 60


def test_every_feature_declares_exactly_the_lookback_that_it_needs() -> None:
    check_features(SPECS)
    assert {s.name: s.lookback for s in SPECS} == {
        s.name: needed_lookback(s.expression) for s in SPECS
    }


def test_no_two_features_are_the_same_expression() -> None:
    checked = check_features(SPECS)
    repeated = [root for root, count in Counter(checked.roots).items() if count > 1]
    same = [s.name for s, r in zip(SPECS, checked.roots, strict=True) if r in repeated]
    assert same == []


def test_every_feature_has_a_meaning() -> None:
    assert [s.name for s in SPECS if not s.meaning or s.meaning.endswith(".")] == []


def test_no_feature_changes_when_the_future_is_cut_off(
    bars: pl.DataFrame, sectors: pl.DataFrame
) -> None:
    cuts = [
        dt.date(2013, 6, 3),
        dt.date(2014, 8, 6),  # the day before an unadjusted action
        dt.date(2015, 7, 2),
        dt.date(2016, 5, 19),  # a bad print
        dt.date(2017, 7, 17),  # a listing begins
        dt.date(2018, 2, 6),
    ]
    assert look_ahead_test(bars.lazy(), SPECS, sectors, cuts) == []


def test_no_feature_needs_more_bars_than_its_lookback(
    bars: pl.DataFrame, sectors: pl.DataFrame
) -> None:
    """With only the last `lookback` bars of each symbol the last value is the same, but for the
    rounding of sums that began elsewhere."""
    complete = bars.filter(pl.len().over("symbol") == 1259)
    last = complete["date"].max()
    full = compile_features(complete.lazy(), SPECS, sectors).filter(pl.col("date") == last)
    expected = full.collect()
    by_lookback: dict[int, list[FeatureSpec]] = {}
    for spec in SPECS:
        by_lookback.setdefault(spec.lookback, []).append(spec)
    for lookback, specs in by_lookback.items():
        tail = complete.filter(pl.int_range(pl.len()).over("symbol") >= 1259 - lookback)
        found = compile_features(tail.lazy(), specs, sectors).filter(pl.col("date") == last)
        table = found.collect()
        for spec in specs:
            assert table[spec.name].null_count() < table.height, spec.name
            np.testing.assert_allclose(
                table[spec.name].to_numpy(),
                expected[spec.name].to_numpy(),
                rtol=1e-5,
                atol=1e-6,
                err_msg=spec.name,
            )


def test_first_value_comes_when_the_lookback_is_filled(
    bars: pl.DataFrame, sectors: pl.DataFrame
) -> None:
    made = compile_features(bars.lazy(), SPECS, sectors).collect()
    one = (
        made.filter(pl.col("symbol") == "AAL")
        if "AAL" in bars["symbol"]
        else made.filter(pl.col("symbol") == "LNT")
    )
    for spec in SPECS:
        first = one[spec.name].is_not_null().arg_true().to_list()[0]
        assert first == spec.lookback - 1, spec.name


def test_every_feature_is_finite_and_mostly_there(
    bars: pl.DataFrame, sectors: pl.DataFrame
) -> None:
    made = compile_features(bars.lazy(), SPECS, sectors).collect()
    bar = pl.int_range(pl.len()).over("symbol")
    for spec in SPECS:
        values = made.filter(bar >= spec.lookback - 1)[spec.name]
        assert values.drop_nulls().is_finite().all(), spec.name
        assert values.null_count() < 0.02 * len(values), spec.name

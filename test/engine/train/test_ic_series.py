"""The daily rank ICs as short series."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest

from breadthflow_engine.steps.train.ic_series import BINS, ic_series

DAILY = pl.DataFrame(
    {
        "date": [date(2015, 1, 31), date(2015, 2, 1), date(2015, 2, 2)],
        "fold": [0, 0, 0],
        "model": [0.5, 0.1, 0.3],
        "baseline_har": [0.4, None, float("nan")],
    }
)


@pytest.fixture
def series() -> dict:
    return json.loads(json.dumps(ic_series(DAILY), allow_nan=False))


def test_a_month_has_the_mean_of_its_days_and_null_without_any(series: dict) -> None:
    assert series["by_month"] == {
        "month": ["2015-01-01", "2015-02-01"],
        "model": [0.5, 0.2],
        "baselines": {"har": [0.4, None]},
    }


def test_every_day_with_an_ic_falls_into_one_of_the_shared_bins(series: dict) -> None:
    distribution = series["distribution"]
    assert len(distribution["edges"]) == BINS + 1
    assert sum(distribution["model"]) == 3
    assert sum(distribution["baselines"]["har"]) == 1
    at = distribution["baselines"]["har"].index(1)
    assert distribution["edges"][at] <= 0.4 <= distribution["edges"][at + 1]


def test_days_without_any_ic_have_no_distribution() -> None:
    nothing = DAILY.with_columns(model=pl.lit(None, pl.Float64), baseline_har=pl.lit(float("nan")))
    assert ic_series(nothing)["distribution"] == {
        "edges": [],
        "model": [],
        "baselines": {"har": []},
    }

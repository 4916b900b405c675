"""The series for charts: a curve that is short and whole."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from breadthflow_engine.protocol.messages import MadeBy, Manifest
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.steps.judge.charts import MAX_POINTS, chart_series

DAYS = 1500
FIRST = date(2015, 1, 31)


def artifact(folder: Path) -> Artifact:
    made_by = MadeBy(step="x", version="1", key="", params={}, inputs={}, lock="", engine="")
    return Artifact(folder, Manifest(kind="x", files=[], made_by=made_by, summary={}, seconds=0.0))


@pytest.fixture
def charts(tmp_path: Path) -> dict:
    dates = [FIRST + timedelta(days=day) for day in range(DAYS)]
    pl.DataFrame(
        {
            "date": dates,
            "equity": [1 + day / 1000 for day in range(DAYS)],
            "benchmark_equity": [1.0] * DAYS,
            "drawdown": [0.0] * DAYS,
        }
    ).write_parquet(tmp_path / "equity.parquet")
    return json.loads(json.dumps(chart_series(artifact(tmp_path))))


def test_the_curve_is_thinned_and_ends_with_the_last_bar(charts: dict) -> None:
    curve = charts["equity"]
    assert len(curve["date"]) == 500 <= MAX_POINTS
    assert curve["date"][-1] == str(FIRST + timedelta(days=DAYS - 1))
    assert curve["equity"][-1] == pytest.approx(1 + (DAYS - 1) / 1000)
    assert {len(values) for values in curve.values()} == {500}

"""The features step, run through the product's runner on real bars."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import Log, Progress
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.steps.features import STEP
from breadthflow_engine.steps.ingest import STEP as INGEST

SYMBOLS = ["AAPL", "MSFT", "XOM", "LNT", "DHR", "FTV"]


@pytest.fixture(scope="module")
def prices(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    table = pl.read_parquet(demo_folder / "sp500_daily_2013_2018.parquet")
    path = tmp_path_factory.mktemp("prices") / "prices.parquet"
    table.filter(pl.col("symbol").is_in(SYMBOLS)).write_parquet(path)
    return path


@pytest.fixture(scope="module")
def bars(run_step, prices: Path, demo_folder: Path, tmp_path_factory) -> Artifact:
    return run_step(
        INGEST,
        {"name": "some"},
        sources={"source": [prices, demo_folder / "sectors.csv"]},
        places={"table": (tmp_path_factory.mktemp("with") / "some").as_uri()},
    )


@pytest.fixture(scope="module")
def bars_without_sectors(run_step, prices: Path, tmp_path_factory) -> Artifact:
    return run_step(
        INGEST,
        {"name": "bare"},
        sources={"source": [prices]},
        places={"table": (tmp_path_factory.mktemp("without") / "bare").as_uri()},
    )


def test_it_leaves_a_table_and_a_catalogue_that_agree(run_step, bars: Artifact) -> None:
    own = {"name": "mine", "expression": "log(close / delay(close, 7))", "lookback": 8}
    made = run_step(STEP, {"add": [own]}, inputs={"bars": bars})
    table = pl.read_parquet(made.file("features.parquet"))
    catalogue = json.loads(made.file("catalogue.json").read_text("utf-8"))
    assert table.columns == ["symbol", "date", *(entry["name"] for entry in catalogue)]
    assert set(table.dtypes[2:]) == {pl.Float32}
    assert catalogue[-1] == {**own, "family": "custom", "meaning": "Of the idea"}
    assert table.equals(table.sort("symbol", "date"))
    assert made.summary["made"] == len(catalogue) == sum(made.summary["families"].values())
    assert (made.summary["rows"], made.summary["symbols"]) == (
        table.height,
        len(SYMBOLS),
    )
    assert made.summary["sectors_known"]


def test_progress_is_told(run_step, bars: Artifact, events: list) -> None:
    run_step(STEP, {"families": ["price"]}, inputs={"bars": bars})
    fractions = [event.fraction for event in events if isinstance(event, Progress)]
    assert len(fractions) >= 4
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1


def test_without_sectors_there_are_no_sector_features_and_it_says_so(
    run_step, bars_without_sectors: Artifact, events: list
) -> None:
    families = ["price", "sector"]
    made = run_step(STEP, {"families": families}, inputs={"bars": bars_without_sectors})
    assert set(made.summary["families"]) == {"price"}
    assert not made.summary["sectors_known"]
    warnings = [e for e in events if isinstance(e, Log) and e.level == "warning"]
    assert any("sector" in warning.message for warning in warnings)


def test_the_universe_is_respected(run_step, bars: Artifact) -> None:
    params = {
        "families": ["price"],
        "symbols": ["AAPL", "XOM"],
        "start": "2015-01-01",
        "end": "2016-12-31",
    }
    made = run_step(STEP, params, inputs={"bars": bars})
    assert made.summary["symbols"] == 2
    assert (made.summary["first"], made.summary["last"]) == ("2015-01-02", "2016-12-30")


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"families": []}, "features.none"),
        ({"start": "2030-01-01"}, "features.no_bars_left"),
        (
            {"add": [{"name": "return_5", "expression": "close", "lookback": 1}]},
            "features.duplicate_name",
        ),
        (
            {"add": [{"name": "mine", "expression": "delay(close, -1)", "lookback": 5}]},
            "features.look_ahead",
        ),
        (
            {"add": [{"name": "mine", "expression": "delay(close, 5)", "lookback": 5}]},
            "features.lookback",
        ),
    ],
)
def test_what_cannot_be_made_is_refused(run_step, bars: Artifact, params: dict, code: str) -> None:
    with pytest.raises(StepError) as refused:
        run_step(STEP, params, inputs={"bars": bars})
    assert refused.value.code == code


def test_only_sector_features_but_no_sectors(run_step, bars_without_sectors: Artifact) -> None:
    with pytest.raises(StepError) as refused:
        run_step(STEP, {"families": ["sector"]}, inputs={"bars": bars_without_sectors})
    assert refused.value.code == "features.none"

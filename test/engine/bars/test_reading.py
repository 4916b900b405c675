"""Reading bars: the version that was asked for, the overlay, filters, order and laziness."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from breadthflow_engine.bars import load_bars
from breadthflow_engine.bars.overlay import ACTIONS_SCHEMA, lay_over
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.ingest import STEP

DAYS = [date(2018, 1, day) for day in (2, 3, 4, 5)]


def small() -> pl.DataFrame:
    prices = [10.0, 20.0, 30.0, 40.0]
    return pl.concat(
        pl.DataFrame(
            {
                "symbol": [symbol] * 4,
                "date": DAYS,
                **dict.fromkeys(("open", "high", "low", "close"), prices),
                "volume": [100.0] * 4,
            }
        )
        for symbol in ("A", "B")
    )


def overlay(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=ACTIONS_SCHEMA, orient="row")


def laid(*rows: tuple) -> pl.DataFrame:
    return lay_over(small().lazy(), overlay(*rows)).collect()


@pytest.fixture
def bars(run_step, tmp_path: Path):
    path = tmp_path / "bars.parquet"
    small().write_parquet(path)
    return run_step(
        STEP,
        {"name": "small"},
        sources={"source": [path]},
        places={"table": str(tmp_path / "table")},
    )


def test_no_actions_change_nothing() -> None:
    assert laid().equals(small())


def test_quarantine_leaves_out_that_row_alone() -> None:
    left = laid(("A", DAYS[1], "quarantine", None, None))
    assert left.equals(small().filter((pl.col("symbol") != "A") | (pl.col("date") != DAYS[1])))


def test_set_changes_that_value_alone() -> None:
    changed = laid(("A", DAYS[1], "set", "low", 5.0), ("B", DAYS[0], "set", "volume", 7.0))
    assert changed.filter(symbol="A")["low"].to_list() == [10, 5, 30, 40]
    assert changed.filter(symbol="B")["volume"].to_list() == [7, 100, 100, 100]
    assert changed.select("open", "high", "close").equals(small().select("open", "high", "close"))


def test_scales_before_a_date_multiply_and_keep_the_money_that_changed_hands() -> None:
    scaled = laid(
        ("A", DAYS[1], "scale_before", None, 0.5), ("A", DAYS[3], "scale_before", None, 0.1)
    )
    a = scaled.filter(symbol="A")
    assert a["close"].to_list() == pytest.approx([0.5, 2.0, 3.0, 40.0])
    money = small().filter(symbol="A").select(pl.col("close") * pl.col("volume")).to_series()
    assert (a["close"] * a["volume"]).to_list() == pytest.approx(money.to_list())
    assert scaled.filter(symbol="B").equals(small().filter(symbol="B"))


def test_a_filter_before_and_after_the_overlay_gives_the_same() -> None:
    rows = [
        ("A", DAYS[3], "scale_before", None, 0.5),
        ("A", DAYS[1], "set", "low", 5.0),
        ("B", DAYS[2], "quarantine", None, None),
    ]
    early = small().lazy().filter(pl.col("date") <= DAYS[2])
    assert (
        lay_over(early, overlay(*rows))
        .collect()
        .equals(laid(*rows).filter(pl.col("date") <= DAYS[2]))
    )


def test_dates_and_symbols_narrow_what_is_read(bars) -> None:
    frame = load_bars(bars, None, start="2018-01-03", end=DAYS[2], symbols=["B"]).collect()
    assert frame["symbol"].unique().to_list() == ["B"]
    assert frame["date"].to_list() == DAYS[1:3]


def test_only_the_columns_that_are_asked_for_are_read(bars) -> None:
    plan = load_bars(bars, None).select("symbol", "close").explain()
    assert "PROJECT 2/7 COLUMNS" in plan
    assert "SORT" not in plan, "an import that is in order is not sorted again"


def test_a_symbol_that_is_not_there_is_named(bars) -> None:
    with pytest.raises(StepError) as raised:
        load_bars(bars, None, symbols=["A", "ZZZ"])
    assert raised.value.code == "bars.unknown_symbols"
    assert raised.value.where["symbols"] == ["ZZZ"]


def test_a_table_that_is_gone_is_named(bars, tmp_path: Path) -> None:
    (tmp_path / "table").rename(tmp_path / "moved")
    with pytest.raises(StepError) as raised:
        load_bars(bars, None)
    assert raised.value.code == "bars.table_missing"


def test_a_version_that_is_gone_is_named(bars) -> None:
    bars.summary["delta_version"] = 9
    with pytest.raises(StepError) as raised:
        load_bars(bars, None)
    assert raised.value.code == "bars.version_missing"

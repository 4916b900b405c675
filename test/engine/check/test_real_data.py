"""On the real prices that ship with the product, every known trait is found, and by its number."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from breadthflow_engine.bars import load_bars


@pytest.fixture
def demo(checked, demo_folder):
    return checked(demo_folder / "sp500_daily_2013_2018.parquet")


def keys(findings: pl.DataFrame) -> set[tuple[str, str]]:
    return {(row["symbol"], str(row["date_from"])) for row in findings.iter_rows(named=True)}


def test_every_known_trait_is_found(demo) -> None:
    missing = demo.of("missing_value")
    assert missing.height == 11
    assert missing["detail"].str.contains("high and low").sum() == 8
    # Twelve lows above another price of their bar, and one high below: AOS 2014-05-19 is both.
    assert demo.of("low_not_lowest").height == 12
    assert keys(demo.of("high_not_highest")) == {("AOS", "2014-05-19")}
    assert demo.of("zero_volume").height == 4
    assert ("LNT", "2016-05-19") in keys(demo.of("bad_print"))
    assert keys(demo.of("unadjusted_action")) == {
        ("NI", "2015-07-02"),
        ("EBAY", "2015-07-20"),
        ("DISCA", "2014-08-07"),
        ("DISCK", "2014-08-07"),
        ("BAX", "2015-07-01"),
    }
    assert demo.check.summary["survivorship"]


def test_symbols_without_all_days_list_later_or_have_gaps(demo) -> None:
    late, gaps = demo.of("late_listing"), demo.of("gap")
    assert late.height == 29
    assert gaps["symbol"].n_unique() == 6
    assert set(late["symbol"]).isdisjoint(gaps["symbol"])
    assert demo.check.summary["complete_symbols"] == 470
    assert demo.check.summary["symbols"] == 505
    ten = gaps.filter(pl.col("rows") == 10)
    assert set(ten["symbol"]) == {"DHR", "ES", "O"}
    assert set(ten["date_from"]) == {date(2015, 3, 9)}


def test_nothing_else_is_found_and_crashes_are_kept(demo) -> None:
    assert demo.rules == {
        "missing_value",
        "low_not_lowest",
        "high_not_highest",
        "zero_volume",
        "bad_print",
        "unadjusted_action",
        "possible_action",
        "gap",
        "late_listing",
        "survivorship",
    }
    # Real losses of value in one night: VRTX rose, EVHC and SIG fell, on 10 to 20 times the volume.
    real = {("VRTX", "2013-04-19"), ("EVHC", "2017-11-01"), ("SIG", "2017-11-21")}
    judged = pl.concat([demo.of("bad_print"), demo.of("unadjusted_action")])
    assert real.isdisjoint(keys(judged))


def test_the_overlay_does_what_the_findings_say(demo) -> None:
    raw = load_bars(demo.bars, None).collect()
    fixed = load_bars(demo.bars, demo.check).collect()
    assert raw.height - fixed.height == demo.check.summary["quarantined_rows"]
    assert fixed.filter(symbol="LNT", date=date(2016, 5, 19)).is_empty()
    prices = ("open", "high", "low", "close")
    broken = (pl.col("low") > pl.min_horizontal(prices)) | (
        pl.col("high") < pl.max_horizontal(prices)
    )
    assert fixed.filter(broken).is_empty()
    moves = fixed.with_columns(move=pl.col("close").log().diff().over("symbol"))
    for symbol, day in (("NI", date(2015, 7, 2)), ("EBAY", date(2015, 7, 20))):
        assert abs(moves.filter(symbol=symbol, date=day)["move"][0]) < 0.1
    disca = moves.filter(symbol="DISCA", date=date(2014, 8, 7))["move"][0]
    assert disca == pytest.approx(-0.0130, abs=1e-3)
    assert moves["move"].abs().max() < 0.5
    # Scaling earlier bars by one factor leaves every other return as it was.
    before = raw.with_columns(move=pl.col("close").log().diff().over("symbol"))
    same = before.filter(symbol="NI").join(
        moves.filter(symbol="NI"), on=["symbol", "date"], suffix="_fixed"
    )
    other = same.filter(pl.col("date") != date(2015, 7, 2)).drop_nulls("move")
    assert (other["move"] - other["move_fixed"]).abs().max() < 1e-12

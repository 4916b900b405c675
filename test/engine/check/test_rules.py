"""Each rule, on a clean panel with one fault put in: it is found and acted upon, and no other."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from breadthflow_engine.bars import load_bars
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import Finding

SYMBOL = "S007"
PRICES = ("open", "high", "low", "close")


def spoil(frame: pl.DataFrame, row: int, **values: float | None) -> tuple[pl.DataFrame, date]:
    """Set values of one row of one symbol; gives the panel and the row's date."""
    day = frame.filter(symbol=SYMBOL)["date"][row]
    here = (pl.col("symbol") == SYMBOL) & (pl.col("date") == day)
    spoilt = frame.with_columns(
        pl.when(here).then(pl.lit(value, dtype=pl.Float64)).otherwise(name).alias(name)
        for name, value in values.items()
    )
    return spoilt, day


def scale(frame: pl.DataFrame, rows: slice, factor: float) -> tuple[pl.DataFrame, date]:
    """Multiply the prices of some rows of one symbol; gives the panel and the first row's date."""
    days = frame.filter(symbol=SYMBOL)["date"][rows]
    here = (pl.col("symbol") == SYMBOL) & pl.col("date").is_in(days.implode())
    return (
        frame.with_columns(
            pl.when(here).then(pl.col(name) * factor).otherwise(name).alias(name) for name in PRICES
        ),
        days[0],
    )


def only(result, rule: str, action: str, day: date) -> dict:
    assert result.rules == {rule}
    row = result.findings.row(0, named=True)
    assert (row["symbol"], row["action"]) == (SYMBOL, action)
    assert row["date_from"] <= day <= row["date_to"]
    return row


def has(result, day: date) -> bool:
    bars = load_bars(result.bars, result.check).collect()
    return not bars.filter(symbol=SYMBOL, date=day).is_empty()


@pytest.mark.parametrize(
    ("values", "rule", "action"),
    [
        ({"open": None}, "missing_value", "kept"),
        ({"volume": None}, "missing_value", "kept"),
        ({"close": None}, "missing_value", "quarantined"),
        ({"close": float("nan")}, "missing_value", "quarantined"),
        ({"volume": 0.0}, "zero_volume", "kept"),
        ({"volume": -1.0}, "negative_volume", "quarantined"),
        ({"volume": float("inf")}, "infinite_value", "quarantined"),
    ],
)
def test_values_of_one_bar(values, rule, action, panel, checked) -> None:
    frame, day = spoil(panel(5), 100, **values)
    result = checked(frame)
    only(result, rule, action, day)
    assert has(result, day) == (action == "kept")


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"close": -3.0}, "non_positive_price"),
        ({"low": 0.0}, "non_positive_price"),
        ({"high": float("inf")}, "infinite_value"),
    ],
)
def test_prices_that_cannot_be_are_quarantined(values, rule, panel, checked) -> None:
    frame, day = spoil(panel(5), 100, **values)
    result = checked(frame)
    assert rule in result.rules
    assert not has(result, day)
    assert set(result.findings["action"]) == {"quarantined"}


def test_a_range_that_does_not_hold_its_prices_is_widened(panel, checked) -> None:
    frame = panel(5)
    bar = frame.filter(symbol=SYMBOL).row(100, named=True)
    spoilt, day = spoil(frame, 100, low=max(bar["open"], bar["close"]) * 1.001)
    spoilt, _ = spoil(spoilt, 100, high=max(bar["open"], bar["close"]) * 1.002)
    result = checked(spoilt)
    only(result, "low_not_lowest", "repaired", day)
    fixed = load_bars(result.bars, result.check).collect().filter(symbol=SYMBOL, date=day)
    assert fixed["low"][0] == min(bar["open"], bar["close"])


def test_an_open_far_outside_the_range_is_moved_to_its_edge(panel, checked) -> None:
    frame = panel(5)
    low = frame.filter(symbol=SYMBOL)["low"][100]
    spoilt, day = spoil(frame, 100, open=low / 2)
    result = checked(spoilt)
    only(result, "low_not_lowest", "repaired", day)
    fixed = load_bars(result.bars, result.check).collect().filter(symbol=SYMBOL, date=day)
    assert fixed["open"][0] == low


@pytest.mark.parametrize("factor", [0.5, 2.0, 0.1])
def test_a_bad_print_is_quarantined(factor, panel, checked) -> None:
    frame, day = scale(panel(6), slice(200, 201), factor)
    result = checked(frame)
    only(result, "bad_print", "quarantined", day)
    assert not has(result, day)


def test_a_bad_close_alone_is_a_bad_print_too(panel, checked) -> None:
    frame = panel(6)
    close = frame.filter(symbol=SYMBOL)["close"][200]
    spoilt, day = spoil(frame, 200, close=close / 2)
    result = checked(spoilt)
    assert set(result.findings["action"]) == {"quarantined"}
    assert result.of("bad_print")["date_from"].to_list() == [day]


@pytest.mark.parametrize(("factor", "ratio"), [(2.0, 0.5), (3.0, 1 / 3), (10.0, 0.1), (0.1, 10.0)])
def test_a_split_that_was_not_adjusted_is_repaired(factor, ratio, panel, checked) -> None:
    frame = panel(6, tails=30.0, volatility=0.01, overnight=0.0)
    spoilt, _ = scale(frame, slice(0, 300), factor)
    day = frame.filter(symbol=SYMBOL)["date"][300]
    result = checked(spoilt)
    only(result, "unadjusted_action", "repaired", day)
    fixed = load_bars(result.bars, result.check).collect().filter(symbol=SYMBOL)
    expected = frame.filter(symbol=SYMBOL)
    for name in PRICES:
        assert (fixed[name] / expected[name] - 1).abs().max() < 1e-9
    assert fixed["volume"][0] == pytest.approx(expected["volume"][0] / ratio)


def test_a_crash_that_goes_on_within_the_day_is_kept(panel, checked) -> None:
    frame, _ = scale(panel(6, tails=30.0), slice(300, None), 0.55)
    before = frame.filter(symbol=SYMBOL)["close"][299]
    spoilt, day = spoil(frame, 300, open=before, high=before)
    result = checked(spoilt)
    assert result.findings.is_empty()
    assert has(result, day)


def test_a_fall_of_the_whole_market_is_kept(panel, checked) -> None:
    frame = panel(6, tails=30.0)
    day = frame["date"].unique().sort()[300]
    fallen = frame.with_columns(
        pl.when(pl.col("date") >= day).then(pl.col(name) * 0.5).otherwise(name).alias(name)
        for name in PRICES
    )
    assert checked(fallen).findings.is_empty()


def test_a_feed_that_stood_still_is_seen(panel, checked) -> None:
    frame = panel(7)
    days = frame.filter(symbol=SYMBOL)["date"]
    here = (pl.col("symbol") == SYMBOL) & pl.col("date").is_between(days[50], days[55])
    stuck = frame.with_columns(
        pl.when(here).then(pl.col(name).filter(here).first()).otherwise(pl.col(name)).alias(name)
        for name in PRICES
    )
    row = only(checked(stuck), "stale_prices", "kept", days[53])
    assert row["rows"] == 5


def test_gaps_and_days_that_the_calendar_does_not_have(panel, checked) -> None:
    frame = panel(8)
    days = frame.filter(symbol=SYMBOL)["date"]
    holes = (pl.col("symbol") == SYMBOL) & pl.col("date").is_in(days[[10, 11, 40]].implode())
    result = checked(frame.filter(~holes))
    assert result.rules == {"gap"}
    assert result.findings["rows"].to_list() == [2, 1]
    assert result.findings["date_to"].to_list() == [days[11], days[40]]

    nobody = checked(frame.filter(pl.col("date") != days[20]))
    assert nobody.rules == {"missing_session"}
    assert nobody.findings["date_from"].to_list() == [days[20]]

    saturday = date(2010, 1, 9)
    extra = frame.filter(pl.col("date") == date(2010, 1, 8)).with_columns(date=pl.lit(saturday))
    weekend = checked(pl.concat([frame, extra]))
    assert weekend.rules == {"extra_day"}
    assert weekend.findings["rows"].to_list() == [40]
    assert checked(frame, calendar="24/7").rules == {"missing_session"}


def test_joining_without_leaving_is_survivorship(panel, checked) -> None:
    frame = panel(9)
    day = frame["date"].unique().sort()[300]
    joined = frame.filter((pl.col("symbol") != SYMBOL) | (pl.col("date") >= day))
    result = checked(joined)
    assert result.rules == {"late_listing", "survivorship"}
    left = joined.filter((pl.col("symbol") != "S001") | (pl.col("date") < day))
    assert checked(left).rules == {"late_listing", "early_end"}


def test_one_symbol_and_one_day_are_said(panel, checked) -> None:
    frame = panel(10)
    assert checked(frame.filter(symbol=SYMBOL)).rules == {"single_symbol"}
    assert checked(frame.filter(pl.col("date") == frame["date"][0])).rules == {"single_day"}


def test_the_future_is_what_lies_after_the_day_that_the_caller_names(panel, checked) -> None:
    frame = panel(10)
    last = frame["date"].max()
    result = checked(frame, today=str(frame["date"].unique().sort()[-3]))
    assert result.rules == {"future_date"}
    assert result.check.summary["quarantined_rows"] == 80
    assert load_bars(result.bars, result.check).collect()["date"].max() < last
    assert checked(frame).findings.is_empty()


@pytest.mark.parametrize("year", [2099, 2400])
def test_a_bar_of_a_far_future_is_one_finding_and_spoils_no_other(year, panel, checked) -> None:
    """The years until then are no missing sessions, and no symbol ends before they are over."""
    frame = panel(10)
    far = date(year, 1, 5)
    bar = frame.filter(symbol=SYMBOL).tail(1).with_columns(date=pl.lit(far), open=pl.lit(-1.0))
    result = checked(pl.concat([frame, bar]), today="2020-01-01")
    row = only(result, "future_date", "quarantined", far)
    assert result.findings.height == 1
    assert (row["severity"], row["rows"]) == ("error", 1)
    assert "2020-01-01" in row["detail"]
    assert not has(result, far)
    kept = load_bars(result.bars, result.check).collect()
    assert kept.height == frame.height
    assert result.check.summary["rows"] == frame.height + 1
    assert result.check.summary["days"] == frame["date"].n_unique()


def test_bars_of_nothing_but_the_future_are_refused(panel, checked) -> None:
    with pytest.raises(StepError) as raised:
        checked(panel(10), today="2009-12-31")
    assert raised.value.code == "check.nothing_left"
    assert "2009-12-31" in raised.value.detail


def test_rows_that_ingest_left_out_are_said(panel, checked) -> None:
    frame = panel(10)
    result = checked(pl.concat([frame, frame.head(3)]))
    assert result.rules == {"duplicate_rows"}
    assert result.findings["rows"].to_list() == [3]


def test_a_table_of_nothing_but_faults_is_refused(panel, checked) -> None:
    negative = panel(10).with_columns(-pl.col(*PRICES))
    with pytest.raises(StepError) as raised:
        checked(negative)
    assert raised.value.code == "check.nothing_left"


def test_an_unknown_calendar_is_refused(panel, checked) -> None:
    with pytest.raises(StepError) as raised:
        checked(panel(10), calendar="NOWHERE")
    assert raised.value.code == "check.unknown_calendar"
    assert raised.value.where["field"] == "calendar"


def test_findings_are_told_as_they_are_and_kept_in_full(panel, checked, events) -> None:
    frame = panel(10)
    holes = frame.filter((pl.int_range(pl.len()) % 3 != 1) | (pl.col("symbol") == SYMBOL))
    result = checked(holes)
    told = [event for event in events if isinstance(event, Finding)]
    assert len(told) == 200
    assert result.findings.height > 1000
    assert told[0].rule == result.findings["rule"][0]

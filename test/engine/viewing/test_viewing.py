"""What screens are told of sources, bars, findings and versions, against what was written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.steps.check import STEP as CHECK
from breadthflow_engine.steps.ingest import STEP as INGEST
from breadthflow_engine.viewing.difference import difference
from breadthflow_engine.viewing.finding_days import finding_days
from breadthflow_engine.viewing.messages import (
    BarsPlace,
    DifferenceRequest,
    PreviewRequest,
    PricesRequest,
)
from breadthflow_engine.viewing.preview import preview
from breadthflow_engine.viewing.prices import prices, symbols

HEADER = "symbol,date,open,high,low,close,volume\n"
# The low of A's second bar is above its high; B lacks the second day.
FIRST = (
    "A,2018-01-02,10,11,9,10,100\n"
    "A,2018-01-03,10,9.5,9.8,10,100\n"
    "A,2018-01-04,10,11,9,10,100\n"
    "B,2018-01-02,20,21,19,20,100\n"
    "B,2018-01-04,20,21,19,20,100\n"
)
# One more day of A, and another close of B's last one.
SECOND = "A,2018-01-05,10,11,9,10,100\nB,2018-01-04,20,22,19,21.5,100\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "data" / "prices"


@pytest.fixture
def ingest(run_step: Callable[..., Artifact], table: Path, tmp_path: Path):
    def run(text: str) -> Artifact:
        source = tmp_path / "prices.csv"
        source.write_text(HEADER + text)
        places = {"table": str(table)}
        return run_step(INGEST, {"name": "prices"}, sources={"source": [source]}, places=places)

    return run


@pytest.fixture
def checked(run_step: Callable[..., Artifact], ingest, table: Path) -> BarsPlace:
    bars = ingest(FIRST)
    check = run_step(CHECK, {"calendar": "XNYS"}, inputs={"bars": bars})
    return BarsPlace(table=table.as_uri(), version=0, check=check.path.as_uri())


def test_symbols_say_how_many_bars_and_findings_they_have(checked: BarsPlace):
    found = {one.symbol: one for one in symbols(checked)}
    assert list(found) == ["A", "B"]
    assert (found["A"].rows, found["A"].first, found["A"].last) == (3, "2018-01-02", "2018-01-04")
    assert found["A"].findings > 0
    assert all(one.findings == 0 for one in symbols(checked.model_copy(update={"check": None})))


def test_prices_are_as_imported_and_flagged_where_the_check_found_something(checked: BarsPlace):
    shown = prices(PricesRequest(**checked.model_dump(), symbol="A"))
    assert shown.date == ["2018-01-02", "2018-01-03", "2018-01-04"]
    assert shown.high == [11.0, 9.5, 11.0]
    assert {(flag.date_from, flag.date_to) for flag in shown.flags} == {("2018-01-03",) * 2}


def test_an_unknown_symbol_is_refused_by_name(checked: BarsPlace):
    with pytest.raises(StepError, match="no bars of Z") as raised:
        prices(PricesRequest(**checked.model_dump(), symbol="Z"))
    assert raised.value.code == "bars.unknown_symbols"


def test_days_count_the_findings_that_touch_them(checked: BarsPlace):
    days = {day.date: day for day in finding_days(checked).days}
    flags = prices(PricesRequest(**checked.model_dump(), symbol="A")).flags
    third = days["2018-01-03"]
    # A's bar, and the gap of B.
    assert third.error + third.warning + third.info == len(flags) + 1
    assert "2018-01-02" not in days


def test_a_day_on_which_all_have_a_bar_that_should_not_be_there_is_marked(
    run_step: Callable[..., Artifact], ingest, table: Path
):
    # 2018-01-15 was a holiday of the exchange.
    days = ["2018-01-12", "2018-01-15", "2018-01-16"]
    bars = ingest("".join(f"{s},{day},10,11,9,10,100\n" for s in "AB" for day in days))
    check = run_step(CHECK, {"calendar": "XNYS"}, inputs={"bars": bars})
    place = BarsPlace(table=table.as_uri(), version=0, check=check.path.as_uri())
    assert [day.date for day in finding_days(place).days] == ["2018-01-15"]


def test_a_version_is_told_from_the_one_before_bar_by_bar(ingest, table: Path):
    ingest(FIRST)
    ingest(SECOND)
    told = difference(DifferenceRequest(table=table.as_uri(), before=0, after=1))
    assert (told.added, told.changed, told.removed) == (1, 1, 0)
    assert [(one.symbol, one.added, one.changed) for one in told.symbols] == [
        ("A", 1, 0),
        ("B", 0, 1),
    ]
    new, changed = told.changes
    assert new.before is None
    assert new.date == "2018-01-05"
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before["close"], changed.after["close"]) == (20.0, 21.5)
    back = difference(DifferenceRequest(table=table.as_uri(), before=1, after=0))
    assert (back.added, back.changed, back.removed) == (0, 1, 1)
    same = difference(DifferenceRequest(table=table.as_uri(), before=1, after=1))
    assert same.symbols == []


def look(tmp_path: Path, text: str, **said):
    source = tmp_path / "odd.csv"
    source.write_text(text)
    return preview(PreviewRequest(paths=[str(source)], **said)).files[0]


def test_a_preview_says_which_column_plays_which_role(tmp_path: Path):
    file = look(tmp_path, HEADER + FIRST)
    assert file.kind == "bars"
    assert {one.role: one.column for one in file.columns} == {
        role: role for role in HEADER.strip().split(",")
    }
    assert file.rows[0]["close"] == 10.0
    assert file.raw[0][1] == "2018-01-02"


def test_a_preview_shows_what_it_refuses_and_takes_a_persons_word_for_it(tmp_path: Path):
    text = "symbol;Tag;open;high;low;Schluss;volume\nA;03.01.2018;1,5;2,0;1,0;1,7;10\n"
    refused = look(tmp_path, text)
    assert refused.kind == "refused"
    assert refused.problem is not None
    assert refused.problem.code == "ingest.missing_column"
    assert refused.header[1] == "Tag"
    said = {"date": "Tag", "close": "Schluss"}
    understood = look(tmp_path, text, columns=said, date_format="%d.%m.%Y")
    assert understood.kind == "bars"
    assert understood.decimal_comma
    assert understood.rows[0] == {
        "symbol": "A",
        "date": "2018-01-03",
        "open": 1.5,
        "high": 2.0,
        "low": 1.0,
        "close": 1.7,
        "volume": 10.0,
    }


def test_a_preview_writes_nothing_and_knows_what_is_no_table(tmp_path: Path):
    assert look(tmp_path, HEADER).kind == "empty"
    assert look(tmp_path, "just a letter to a friend\n").kind == "refused"
    assert [path.name for path in tmp_path.iterdir()] == ["odd.csv"]
    with pytest.raises(StepError, match="not a time zone"):
        look(tmp_path, HEADER + FIRST, timezone="Moon/Crater")

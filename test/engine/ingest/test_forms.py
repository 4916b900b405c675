"""Every way in which bars come: names of columns, forms of files, ways to write a date."""

from __future__ import annotations

import bz2
import gzip
import json
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from breadthflow_engine.bars import load_attributes, load_bars

HEADER = "symbol,date,open,high,low,close,volume\n"
ROWS = "A,2018-01-02,1,2,0.5,1.5,100\nA,2018-01-03,1.5,3,1,2,200\nB,2018-01-02,9,9,9,9,9\n"
CLOSES = [1.5, 2.0, 9.0]


def closes(bars) -> list[float]:
    return load_bars(bars, None).collect()["close"].to_list()


@pytest.mark.parametrize(
    "header",
    [
        "Name,Date,Open,High,Low,Close,Volume",
        "ticker,timestamp,o,h,l,c,v",
        "SYM,Trade Date,Open Price,High Price,Low Price,Close/Last,Total Volume",
        "<TICKER>,<DATE>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>",
        "code,day,OPEN,HIGH,LOW,LAST,QTY",
    ],
)
def test_column_names_of_many_vendors_are_recognised(header, ingest, write) -> None:
    bars = ingest(write(header + "\n" + ROWS))
    assert closes(bars) == CLOSES
    assert bars.summary["columns"]["symbol"] == header.split(",")[0]


def test_a_strong_name_wins_over_a_weak_one(ingest, write) -> None:
    text = (
        "Symbol,Name,Date,Open,High,Low,Close,Adj Close,Volume\nA,Apple,2018-01-02,1,1,1,1,0.9,5\n"
    )
    bars = ingest(write(text))
    frame = load_bars(bars, None).collect()
    assert frame["symbol"].to_list() == ["A"]
    assert frame["adj_close"].to_list() == [0.9]


def test_a_person_can_say_which_column_is_meant(ingest, write, refused) -> None:
    text = "sym,ticker,date,open,high,low,close,volume\nA,X,2018-01-02,1,1,1,1,1\n"
    error = refused(write(text))
    assert error.code == "ingest.ambiguous_column"
    assert error.where["columns"] == ["sym", "ticker"]
    bars = ingest(write(text), columns={"symbol": "ticker"})
    assert load_bars(bars, None).collect()["symbol"].to_list() == ["X"]


def test_a_named_column_that_no_source_has_is_refused(write, refused) -> None:
    error = refused(write(HEADER + ROWS), columns={"close": "Cloze"})
    assert error.code == "ingest.unknown_column"
    assert error.where["field"] == "columns.close"


def test_files_folders_globs_and_parquet_give_the_same_bars(ingest, write) -> None:
    rows = ROWS.splitlines(keepends=True)
    first = write(HEADER + "".join(rows[:2]), "folder/a.csv")
    write(HEADER + rows[2], "folder/deeper/b.csv")
    write("not a table", "folder/notes.md")
    parquet = first.parent.parent / "all.parquet"
    pl.read_csv((HEADER + ROWS).encode(), try_parse_dates=True).write_parquet(parquet)
    assert closes(ingest(first.parent)) == CLOSES
    assert ingest(first.parent / "**" / "*.csv").summary["unchanged"] == 3
    assert ingest(parquet).summary["unchanged"] == 3


def test_compressed_files_are_read(ingest, write, tmp_path: Path) -> None:
    data = (HEADER + ROWS).encode()
    sources = [
        write(gzip.compress(data), "a.csv.gz"),
        write(bz2.compress(data), "b.csv.bz2"),
        tmp_path / "c.zip",
        tmp_path / "d.csv.zst",
    ]
    with zipfile.ZipFile(sources[2], "w") as archive:
        archive.writestr("inner/c.csv", data)
        archive.writestr("readme.md", "nothing")
    with pa.CompressedOutputStream(str(sources[3]), "zstd") as file:
        file.write(data)
    for number, source in enumerate(sources):
        bars = ingest(source)
        assert closes(bars) == CLOSES, source
        assert bars.summary["unchanged"] == (3 if number else 0)
        assert not (bars.path / "staging").exists()


def test_a_file_of_one_symbol_is_called_as_the_file(ingest, write) -> None:
    text = "Date,Open,High,Low,Close,Volume\n2018-01-02,1,1,1,1,1\n"
    bars = ingest(write(text, "MSFT.csv"), write(text, "BRK.B.csv"))
    assert load_bars(bars, None).collect()["symbol"].to_list() == ["BRK.B", "MSFT"]
    understood = json.loads(bars.file("understood.json").read_text("utf-8"))
    assert understood["symbol_from_file_name"] == ["MSFT.csv", "BRK.B.csv"]


def test_an_attribute_table_is_kept_beside_the_bars(ingest, write) -> None:
    bars = ingest(
        write(HEADER + ROWS), write("Ticker,GICS Sector\nA,Energy\nB,Utilities\n", "s.csv")
    )
    attributes = load_attributes(bars)
    assert attributes is not None
    assert attributes.to_dict(as_series=False) == {
        "symbol": ["A", "B"],
        "sector": ["Energy", "Utilities"],
    }
    assert load_attributes(ingest(write(HEADER + ROWS, "again.csv"))) is None


@pytest.mark.parametrize(
    ("values", "params"),
    [
        (("2018-01-02", "2018-01-15"), {}),
        (("2018/01/02", "2018/01/15"), {}),
        (("20180102", "20180115"), {}),
        (("01/02/2018", "01/15/2018"), {}),
        (("02.01.2018", "15.01.2018"), {}),
        (("02-Jan-2018", "15-Jan-2018"), {}),
        (("2018-01-02 00:00:00", "2018-01-15 00:00:00"), {}),
        (("2018-01-02T00:00:00-05:00", "2018-01-15T00:00:00-05:00"), {}),
        (("1514851200", "1515974400"), {}),
        (("1514851200000", "1515974400000"), {}),
        (("02/01/2018", "10/01/2018"), {"date_format": "%d/%m/%Y"}),
        # Nine in the evening in New York is the next day in London.
        (("2018-01-03T02:00:00Z", "2018-01-16T02:00:00Z"), {"timezone": "America/New_York"}),
    ],
)
def test_dates_are_read_as_they_are_written(values, params, ingest, write) -> None:
    last = date(2018, 1, 10) if "date_format" in params else date(2018, 1, 15)
    rows = "".join(f"A;{value};1;1;1;1;1\n" for value in values)
    bars = ingest(write(HEADER.replace(",", ";") + rows), **params)
    assert load_bars(bars, None).collect()["date"].to_list() == [date(2018, 1, 2), last]


def test_summer_and_winter_offsets_are_settled_to_the_stated_zone(ingest, write, refused) -> None:
    rows = "A,2018-01-02T00:00:00-05:00,1,1,1,1,1\nA,2018-07-02T00:00:00-04:00,1,1,1,1,1\n"
    source = write(HEADER + rows)
    error = refused(source)
    assert error.code == "ingest.mixed_time_zones"
    assert error.where["zones"] == ["-04:00", "-05:00"]
    bars = ingest(source, timezone="America/New_York")
    assert load_bars(bars, None).collect()["date"].to_list() == [date(2018, 1, 2), date(2018, 7, 2)]


def test_numbers_are_read_as_vendors_write_them(ingest, write) -> None:
    text = 'A,2018-01-02,$1.50,"$1,002.00",N/A,1.5,"1,234,567"\nNA,2018-01-02,1,1,1,1,-\n'
    frame = load_bars(ingest(write(HEADER + text)), None).collect()
    assert frame["symbol"].to_list() == ["A", "NA"]
    assert frame["high"].to_list() == [1002.0, 1.0]
    assert frame["low"].to_list() == [None, 1.0]
    assert frame["volume"].to_list() == [1234567.0, None]


def test_decimal_commas_go_with_semicolons(ingest, write) -> None:
    text = HEADER.replace(",", ";") + "A;2018-01-02;1,5;2,5;0,5;1,25;100\n"
    frame = load_bars(ingest(write(text)), None).collect()
    assert frame.select("open", "high", "low", "close").row(0) == (1.5, 2.5, 0.5, 1.25)


def test_a_parquet_file_with_instants_of_a_zone_is_settled(ingest, tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "ticker": ["A"],
            "timestamp": pl.Series(["2018-01-03 02:00:00"]).str.to_datetime(time_zone="UTC"),
            **{name: [1.0] for name in ("open", "high", "low", "close")},
            "volume": [10],
        }
    )
    path = tmp_path / "utc.parquet"
    frame.write_parquet(path)
    bars = ingest(path, timezone="America/New_York")
    assert load_bars(bars, None).collect()["date"].to_list() == [date(2018, 1, 2)]

"""Every bad source ends in an error that names the file and place, and leaves nothing behind."""

from __future__ import annotations

import gzip
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

from breadthflow_engine.bars import load_bars
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.ingest.files import find_files

HEADER = "symbol,date,open,high,low,close,volume\n"
GOOD = "A,2018-01-02,1,1,1,1,1\n"


@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        ("", "ingest.no_rows", {}),
        ("\n\n", "ingest.no_rows", {}),
        (HEADER, "ingest.no_rows", {}),
        ("symbol,sector\nA,Energy\n", "ingest.attributes_alone", {}),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 20, "ingest.not_csv", {}),
        (b"PAR1 but no more than that", "ingest.damaged_parquet", {}),
        ("<!DOCTYPE html>\n<html></html>\n", "ingest.not_csv", {"line": 1}),
        (HEADER.encode("utf-16"), "ingest.not_csv", {}),
        (GOOD * 3, "ingest.no_header", {"line": 1}),
        ("symbol,date,open,high,low,close\nA,2018-01-02,1,1,1,1\n", "ingest.missing_column", {}),
        (HEADER + "A,2018-01-02,abc,1,1,1,1\n", "ingest.not_a_number", {"line": 2}),
        (HEADER + GOOD + "B,2018-01-02,1,1,1,1,lots\n", "ingest.not_a_number", {"line": 3}),
        (HEADER + GOOD + "A,2018-13-45,1,1,1,1,1\n", "ingest.unknown_dates", {}),
        (HEADER + GOOD + ",2018-01-03,1,1,1,1,1\n", "ingest.missing_key", {"line": 3}),
        (HEADER + GOOD + "B,,1,1,1,1,1\n", "ingest.missing_key", {"line": 3}),
        (HEADER + ",2018-01-03,1,1,1,1,1\n", "ingest.missing_key", {"line": 2}),
        (HEADER + GOOD + "A,2018-01-03,1,1,1,1,1,7,8\n", "ingest.broken_line", {"line": 3}),
        (HEADER + "A,02/03/2018,1,1,1,1,1\n", "ingest.ambiguous_dates", {}),
        (HEADER + "A,yesterday,1,1,1,1,1\n", "ingest.unknown_dates", {}),
        (
            HEADER + "A,2018-01-02 09:30,1,1,1,1,1\nA,2018-01-02 10:30,1,1,1,1,1\n",
            "ingest.intraday",
            {"symbol": "A"},
        ),
        (
            HEADER + "A,2018-01-02T00:00:00Z,1,1,1,1,1\nA,2018-01-03 00:00:00,1,1,1,1,1\n",
            "ingest.mixed_time_zones",
            {},
        ),
        (b"x" * 50_000_000, "ingest.line_too_long", {"line": 1}),
    ],
)
def test_bad_content_is_refused_by_name(content, code, where, write, refused) -> None:
    error = refused(write(content, "bad.csv"))
    assert error.code == code
    assert "bad.csv" in error.detail
    assert where.items() <= error.where.items()
    assert len(error.detail) < 500


def test_a_date_that_is_wrong_far_down_is_named_with_its_line(write, refused) -> None:
    days = pl.date_range(pl.date(2000, 1, 1), pl.date(2009, 1, 1), eager=True)
    rows = "".join(f"A,{day},1,1,1,1,1\n" for day in days)
    error = refused(write(HEADER + rows + "A,31-12-2009,1,1,1,1,1\n", "far.csv"))
    assert error.code == "ingest.not_a_date"
    assert error.where["line"] == len(days) + 2
    assert error.where["value"] == "31-12-2009"


def test_a_line_of_50_mb_among_good_ones_is_named(write, refused) -> None:
    content = (HEADER + GOOD).encode() + b"A" * 50_000_000 + b"\n" + GOOD.encode()
    error = refused(write(content, "long.csv"))
    assert error.code == "ingest.missing_key"
    assert error.where["line"] == 3
    assert len(error.detail) < 500


def test_a_symbol_of_50_mb_is_named_by_its_length(write, refused) -> None:
    content = (HEADER + GOOD).encode() + b"A" * 50_000_000 + b",2024-01-02,1,1,1,1,1\n"
    error = refused(write(content, "long.csv"))
    assert error.code == "ingest.symbol_too_long"
    assert "50,000,000" in error.detail
    assert len(error.detail) < 500


def test_a_cut_archive_is_named(write, refused) -> None:
    cut = gzip.compress((HEADER + GOOD * 5000).encode())[:80]
    assert refused(write(cut, "cut.csv.gz")).code == "ingest.damaged_archive"
    assert refused(write(b"BZh9 nothing", "cut.csv.bz2")).code == "ingest.damaged_archive"
    assert refused(write(b"PK nothing", "cut.zip")).code == "ingest.damaged_archive"


def test_a_path_that_is_not_there_is_named(tmp_path: Path, refused) -> None:
    error = refused(tmp_path / "nowhere.csv")
    assert error.code == "ingest.not_found"
    assert "nowhere.csv" in error.detail


def test_a_folder_without_tables_is_named(tmp_path: Path, refused) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    assert refused(folder).code == "ingest.no_files"


@contextmanager
def nobody() -> Iterator[None]:
    """Rights do not bind the superuser, so the test is somebody else for a while."""
    if os.name == "nt":
        pytest.skip("Windows keeps rights in access lists")
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(was)


def test_a_folder_that_may_not_be_read_is_named() -> None:
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        folder = Path(place) / "closed"
        folder.mkdir()
        (folder / "a.csv").write_text(HEADER + GOOD)
        folder.chmod(0)
        for source in (folder, folder.parent):
            with nobody(), pytest.raises(StepError) as raised:
                find_files([source], Path(place) / "staging")
            assert raised.value.code == "ingest.unreadable"
            assert "closed" in raised.value.detail
        folder.chmod(0o700)


def test_empty_files_among_good_ones_are_passed_over_and_listed(ingest, write) -> None:
    bars = ingest(write(HEADER + GOOD, "good.csv"), write(HEADER, "empty.csv"))
    assert bars.summary["rows"] == 1
    assert '"empty.csv"' in bars.file("understood.json").read_text("utf-8")


def test_odd_values_are_kept_for_the_check_to_judge(ingest, write) -> None:
    rows = "A,2018-01-03,-1,inf,nan,0,-5\nA,2018-01-02,1,1,1,1,1\nA,2099-01-02,1,1,1,1,1\n"
    frame = load_bars(ingest(write(HEADER + rows)), None).collect()
    assert [str(day) for day in frame["date"]] == ["2018-01-02", "2018-01-03", "2099-01-02"]
    assert frame.row(1)[2:] == (-1.0, float("inf"), None, 0.0, -5.0)

"""A data set's versions: what a second import adds, changes and leaves; and that none is lost."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breadthflow_engine.bars import load_bars
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.ingest import settle, store

HEADER = "symbol,date,open,high,low,close,volume\n"


def line(symbol: str, day: int, close: float) -> str:
    return f"{symbol},{date(2018, 1, 1) + timedelta(day)},1,9,0.5,{close},10\n"


def rows(bars) -> list[tuple[str, float]]:
    frame = load_bars(bars, None).collect()
    assert frame.equals(frame.sort("symbol", "date"))
    return list(frame.select("symbol", "close").iter_rows())


def test_a_second_import_appends_what_is_new_and_replaces_what_changed(ingest, write) -> None:
    first = ingest(write(HEADER + line("A", 1, 1) + line("B", 1, 2), "1.csv"))
    text = HEADER + line("A", 1, 1) + line("A", 2, 3) + line("B", 1, 5) + line("AA", 1, 7)
    second = ingest(write(text, "2.csv"))
    counts = {key: second.summary[key] for key in ("appended", "replaced", "unchanged")}
    assert counts == {"appended": 2, "replaced": 1, "unchanged": 1}
    assert (first.summary["delta_version"], second.summary["delta_version"]) == (0, 1)
    assert rows(second) == [("A", 1), ("A", 3), ("AA", 7), ("B", 5)]
    assert rows(first) == [("A", 1), ("B", 2)], "the version before can still be read"


def test_the_same_import_again_makes_no_version(ingest, write, table: Path) -> None:
    text = HEADER + line("A", 1, 1) + line("B", 1, 2)
    ingest(write(text, "1.csv"))
    again = ingest(write(text, "2.csv"))
    assert again.summary["unchanged"] == 2
    assert again.summary["delta_version"] == 0
    assert DeltaTable(str(table)).version() == 0


def test_a_column_that_comes_later_is_empty_before_and_stays_without_it(ingest, write) -> None:
    ingest(write(HEADER + line("A", 1, 1) + line("A", 2, 2), "1.csv"))
    header = "symbol,date,open,high,low,close,volume,adj_close\n"
    with_adjusted = ingest(write(header + line("A", 2, 2).strip() + ",1.9\n", "2.csv"))
    frame = load_bars(with_adjusted, None).collect()
    assert frame["adj_close"].to_list() == [None, 1.9]
    without = ingest(write(HEADER + line("A", 2, 8), "3.csv"))
    assert load_bars(without, None).collect()["adj_close"].to_list() == [None, 1.9]
    assert load_bars(without, None).collect()["close"].to_list() == [1, 8]


def test_the_last_row_of_a_key_wins_and_equal_ones_are_told_apart(ingest, write) -> None:
    text = HEADER + line("B", 1, 1) + line("A", 1, 2) + line("A", 1, 3) + line("B", 1, 1)
    bars = ingest(write(text))
    assert rows(bars) == [("A", 3), ("B", 1)]
    assert bars.summary["duplicates"]["rows"] == 2
    assert bars.summary["duplicates"]["identical"] == 1
    assert "last row" in bars.summary["duplicates"]["rule"]
    assert bars.summary["source_rows"] == 4


def test_later_files_win_over_earlier_ones(ingest, write) -> None:
    bars = ingest(
        write(HEADER + line("A", 1, 1), "z.csv"), write(HEADER + line("A", 1, 2), "a.csv")
    )
    assert rows(bars) == [("A", 2)]


@pytest.mark.parametrize("in_memory_bytes", [0, 1_000_000], ids=["from a file", "from memory"])
def test_rows_out_of_order_are_sorted_in_bounded_ranges(
    ingest, write, monkeypatch, in_memory_bytes: int
) -> None:
    monkeypatch.setattr(settle, "RANGE_ROWS", 40)
    monkeypatch.setattr(settle, "PART_ROWS", 40)
    monkeypatch.setattr(settle, "IN_MEMORY_BYTES", in_memory_bytes)
    keys = [(f"S{number:02d}", day) for number in range(20) for day in range(15)]
    shuffled = keys * 2
    random.Random(3).shuffle(shuffled)
    source = write(HEADER + "".join(line(s, d, n) for n, (s, d) in enumerate(shuffled)))
    bars = ingest(source)
    last = {key: n for n, key in enumerate(shuffled)}
    assert rows(bars) == [(symbol, last[symbol, day]) for symbol, day in keys]
    changed = write(HEADER + line("S07", 3, -1) + line("S13", 99, -2), "more.csv")
    bars = ingest(changed)
    assert (bars.summary["replaced"], bars.summary["appended"]) == (1, 1)
    assert bars.summary["rows"] == len(keys) + 1


def test_rows_in_the_order_of_days_are_sorted_by_symbol(ingest, write) -> None:
    keys = [(f"S{number:02d}", day) for day in range(15) for number in range(20)]
    lines = [line(s, d, n) for n, (s, d) in enumerate(keys)]
    bars = ingest(write(HEADER + "".join([*lines, line("S03", 2, -1)])))
    expected = {key: n for n, key in enumerate(keys)} | {("S03", 2): -1}
    assert rows(bars) == [(symbol, expected[symbol, day]) for symbol, day in sorted(keys)]


def test_other_readers_of_delta_see_the_same(ingest, write, table: Path) -> None:
    ingest(write(HEADER + line("A", 1, 1) + line("B", 1, 2), "1.csv"))
    bars = ingest(write(HEADER + line("B", 1, 3) + line("C", 1, 4), "2.csv"))
    ours = load_bars(bars, None).collect()
    assert pl.scan_delta(str(table)).sort("symbol", "date").collect().equals(ours)
    arrow = pl.DataFrame(DeltaTable(str(table)).to_pyarrow_table())
    assert arrow.sort("symbol", "date").equals(ours)
    only = pl.scan_delta(str(table)).filter(pl.col("symbol") == "C").collect()
    assert only["close"].to_list() == [4]


def test_an_import_that_dies_before_its_commit_leaves_the_version_before(
    ingest, write, table: Path, monkeypatch
) -> None:
    ingest(write(HEADER + line("A", 1, 1), "1.csv"))
    source = write(HEADER + line("A", 1, 2) + line("B", 1, 2), "2.csv")

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store.DeltaTable, "create_write_transaction", die)
        with pytest.raises(KeyboardInterrupt):
            ingest(source)
    assert DeltaTable(str(table)).version() == 0
    assert pl.scan_delta(str(table)).collect()["close"].to_list() == [1]
    again = ingest(write(HEADER + line("A", 1, 2) + line("B", 1, 2), "3.csv"))
    assert rows(again) == [("A", 2), ("B", 2)]


def test_a_full_disk_is_said(ingest, write, monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.LazyFrame, "sink_parquet", full)
    with pytest.raises(StepError) as raised:
        ingest(write(HEADER + line("A", 1, 1)))
    assert raised.value.code == "ingest.disk_full"


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    imports=st.lists(
        st.lists(
            st.tuples(st.sampled_from("ABCD"), st.integers(0, 4), st.integers(1, 3)),
            min_size=1,
            max_size=12,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_imports_in_a_row_leave_what_a_dictionary_would(
    imports, run_step, tmp_path_factory
) -> None:
    from breadthflow_engine.steps.ingest import STEP

    folder = tmp_path_factory.mktemp("imports")
    expected: dict[tuple[str, int], float] = {}
    for number, bars in enumerate(imports):
        source = folder / f"{number}.csv"
        source.write_text(HEADER + "".join(line(*bar) for bar in bars))
        incoming = {(symbol, day): float(close) for symbol, day, close in bars}
        new = [key for key in incoming if key not in expected]
        same = [key for key in incoming if expected.get(key) == incoming[key]]
        expected |= incoming
        artifact = run_step(
            STEP,
            {"name": "prices"},
            sources={"source": [source]},
            places={"table": str(folder / "table")},
        )
        assert artifact.summary["appended"] == len(new)
        assert artifact.summary["unchanged"] == len(same)
        assert artifact.summary["replaced"] == len(incoming) - len(new) - len(same)
        assert rows(artifact) == [
            (symbol, close) for (symbol, _), close in sorted(expected.items())
        ]

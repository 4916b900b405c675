"""The viewing routes over HTTP: guarded like the others, and with problems that say what to do."""

from __future__ import annotations

from pathlib import Path


def test_a_source_is_looked_into_over_http(engine, tmp_path: Path):
    source = tmp_path / "prices.csv"
    source.write_text("symbol,date,open,high,low,close,volume\nA,2018-01-02,1,1,1,1,1\n")
    answer = engine.client.post("/view/preview", json={"paths": [str(source)]})
    assert answer.status_code == 200
    assert answer.json()["files"][0]["kind"] == "bars"


def test_a_table_that_is_not_there_is_a_problem_with_a_hint(engine, tmp_path: Path):
    place = {"table": (tmp_path / "none").as_uri(), "version": 0}
    answer = engine.client.post("/view/symbols", json=place)
    assert answer.status_code == 404
    assert answer.json()["code"] == "bars.table_missing"
    assert answer.json()["hint"]

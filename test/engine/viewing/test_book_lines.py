"""Trades and positions in pages, and each traced to the bar that it is priced at."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from pydantic import ValidationError

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.viewing.book import positions, trades
from breadthflow_engine.viewing.messages import PositionsRequest, TradesRequest


def _fill(symbol: str, day: int, notional: float, cost: float) -> dict:
    return {
        "symbol": symbol,
        "signal_date": date(2018, 1, day - 1),
        "date": date(2018, 1, day),
        "price_of": "open",
        "side": "buy" if notional > 0 else "sell",
        "shares": notional / 10,
        "price": 10.0,
        "notional": notional,
        "weight_change": notional / 1000,
        "commission": cost,
        "spread_cost": 0.0,
        "impact_cost": 0.0,
        "cost": cost,
    }


@pytest.fixture
def backtest(tmp_path: Path) -> str:
    fills = [
        _fill("B", 3, 100.0, 0.003),
        _fill("A", 3, -300.0, 0.001),
        _fill("A", 8, 200.0, 0.002),
    ]
    pl.DataFrame(fills).write_parquet(tmp_path / "trades.parquet")
    held = {"date": date(2018, 1, 8), "shares": 20.0, "price": 10.0, "value": 200.0}
    pl.DataFrame(
        [
            {**held, "symbol": "A", "price_date": date(2018, 1, 8), "weight": 0.2},
            {**held, "symbol": "B", "price_date": date(2018, 1, 5), "weight": -0.4},
        ]
    ).write_parquet(tmp_path / "positions.parquet")
    return tmp_path.as_uri()


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("newest", [("A", "2018-01-08"), ("A", "2018-01-03"), ("B", "2018-01-03")]),
        ("largest", [("A", "2018-01-03"), ("A", "2018-01-08"), ("B", "2018-01-03")]),
        ("dearest", [("B", "2018-01-03"), ("A", "2018-01-08"), ("A", "2018-01-03")]),
    ],
)
def test_trades_come_newest_largest_or_dearest_first(backtest: str, order, expected):
    found = trades(TradesRequest(backtest=backtest, order=order))
    assert [(line.symbol, line.date) for line in found.lines] == expected
    assert (found.in_all, found.symbols) == (3, 2)
    assert found.cost == pytest.approx(0.006)


def test_a_page_is_a_part_and_what_is_told_is_of_all(backtest: str):
    found = trades(TradesRequest(backtest=backtest, symbol="A", offset=1, limit=1))
    assert [line.date for line in found.lines] == ["2018-01-03"]
    assert (found.in_all, found.symbols) == (2, 1)
    assert found.cost == pytest.approx(0.003)
    assert trades(TradesRequest(backtest=backtest, date="2018-01-08")).in_all == 1
    assert trades(TradesRequest(backtest=backtest, symbol="C")).lines == []


def test_a_position_names_the_bar_that_its_price_is_from(backtest: str):
    found = positions(PositionsRequest(backtest=backtest, order="largest"))
    assert [(line.symbol, line.price_date) for line in found.lines] == [
        ("B", "2018-01-05"),
        ("A", "2018-01-08"),
    ]


def test_a_backtest_that_left_no_trades_says_what_to_do(tmp_path: Path):
    with pytest.raises(StepError) as raised:
        trades(TradesRequest(backtest=tmp_path.as_uri()))
    assert raised.value.code == "artifact.file_missing"
    assert raised.value.hint


@pytest.mark.parametrize(
    "asked", [{"date": "8.1.2018"}, {"limit": 10_000}, {"offset": -1}, {"order": "x"}]
)
def test_what_makes_no_page_is_refused(tmp_path: Path, asked: dict):
    with pytest.raises(ValidationError):
        TradesRequest(backtest=tmp_path.as_uri(), **asked)

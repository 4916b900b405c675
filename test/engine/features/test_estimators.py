"""Volatility estimators against their formulas, written out in numpy on one real symbol."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from breadthflow_engine.language import compile_features
from breadthflow_engine.steps.features.library import LIBRARY

N = 21
SPECS = {spec.name: spec for specs in LIBRARY.values() for spec in specs}


@pytest.fixture(scope="module")
def bars(demo_folder: Path) -> pl.DataFrame:
    table = pl.read_parquet(demo_folder / "sp500_daily_2013_2018.parquet")
    return table.filter(pl.col("symbol").is_in(["AAPL", "MSFT", "XOM"])).sort("symbol", "date")


@pytest.fixture(scope="module")
def prices(bars: pl.DataFrame) -> dict[str, np.ndarray]:
    one = bars.filter(pl.col("symbol") == "AAPL").tail(N + 1)
    return {c: np.log(one[c].to_numpy()) for c in ("open", "high", "low", "close")}


def last(bars: pl.DataFrame, name: str) -> float:
    made = compile_features(bars.lazy(), [SPECS[name]]).collect()
    return made.filter(pl.col("symbol") == "AAPL")[name].tail(1).item()


def test_close_to_close(bars: pl.DataFrame, prices: dict[str, np.ndarray]) -> None:
    returns = np.diff(prices["close"])
    assert last(bars, "realised_21") == pytest.approx(np.log(np.mean(returns**2)) / 2, rel=1e-5)


def test_parkinson(bars: pl.DataFrame, prices: dict[str, np.ndarray]) -> None:
    span = (prices["high"] - prices["low"])[1:]
    variance = np.mean(span**2) / (4 * np.log(2))
    assert last(bars, "parkinson_21") == pytest.approx(np.log(variance) / 2, rel=1e-5)


def test_garman_klass(bars: pl.DataFrame, prices: dict[str, np.ndarray]) -> None:
    span = (prices["high"] - prices["low"])[1:]
    body = (prices["close"] - prices["open"])[1:]
    variance = np.mean(0.5 * span**2 - (2 * np.log(2) - 1) * body**2)
    assert last(bars, "garman_klass_21") == pytest.approx(np.log(variance) / 2, rel=1e-5)


def rogers_satchell(prices: dict[str, np.ndarray]) -> float:
    up = (prices["high"] - prices["open"])[1:]
    down = (prices["low"] - prices["open"])[1:]
    body = (prices["close"] - prices["open"])[1:]
    return float(np.mean(up * (up - body) + down * (down - body)))


def test_rogers_satchell(bars: pl.DataFrame, prices: dict[str, np.ndarray]) -> None:
    expected = np.log(rogers_satchell(prices)) / 2
    assert last(bars, "rogers_satchell_21") == pytest.approx(expected, rel=1e-5)


def test_yang_zhang(bars: pl.DataFrame, prices: dict[str, np.ndarray]) -> None:
    overnight = prices["open"][1:] - prices["close"][:-1]
    body = (prices["close"] - prices["open"])[1:]
    k = 0.34 / (1.34 + (N + 1) / (N - 1))
    variance = (
        np.var(overnight, ddof=1) + k * np.var(body, ddof=1) + (1 - k) * rogers_satchell(prices)
    )
    assert last(bars, "yang_zhang_21") == pytest.approx(np.log(variance) / 2, rel=1e-5)


def test_beta_and_what_the_market_does_not_explain(bars: pl.DataFrame) -> None:
    wide = bars.pivot(on="symbol", index="date", values="close").drop("date").to_numpy()
    returns = np.diff(np.log(wide), axis=0)[-63:]
    market, own = returns.mean(axis=1), returns[:, 0]
    slope, intercept = np.polyfit(market, own, 1)
    residual = own - slope * market - intercept
    assert last(bars, "beta_63") == pytest.approx(slope, rel=1e-5)
    expected = np.log(np.sqrt(np.mean(residual**2)))
    assert last(bars, "idiosyncratic_63") == pytest.approx(expected, rel=1e-5)

"""Every operator against pandas, on a panel with gaps, holes and late listings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import polars as pl
import pytest

from breadthflow_engine.language import (
    OPERATORS,
    FeatureSpec,
    compile_features,
    needed_lookback,
)
from breadthflow_engine.language.primitives import enough
from breadthflow_engine.protocol.errors import StepError

Oracle = Callable[[pd.DataFrame], pd.Series]


def along(column: str, function: Callable[[pd.Series], pd.Series]) -> Oracle:
    return lambda frame: frame.groupby("symbol")[column].transform(function)


def across(column: str, function: Callable[[pd.Series], pd.Series], *by: str) -> Oracle:
    return lambda frame: frame.groupby(["date", *by])[column].transform(function)


def rolling(column: str, bars: int, method: str, **arguments: object) -> Oracle:
    return along(
        column,
        lambda x: getattr(x.rolling(bars, min_periods=enough(bars)), method)(**arguments),
    )


def ewma(half_life: float, bars: int) -> Oracle:
    weights = 0.5 ** (np.arange(bars)[::-1] / half_life)

    def weighted(x: np.ndarray) -> float:
        there = np.isfinite(x)
        weight = weights[-len(x) :][there]
        return float(np.sum(weight * x[there]) / np.sum(weight))

    return along(
        "open",
        lambda x: x.rolling(bars, min_periods=enough(bars)).apply(weighted, True),
    )


def paired(bars: int, finish: Callable[[float, float, float], float]) -> Oracle:
    """Population moments of open and close over the rows on which both exist."""

    def one(group: pd.DataFrame) -> pd.Series:
        found = []
        for i in range(len(group)):
            window = group.iloc[max(0, i + 1 - bars) : i + 1][["open", "close"]].dropna()
            if len(window) < enough(bars):
                found.append(np.nan)
                continue
            (vx, cov), (_, vy) = np.cov(window.T, bias=True)
            found.append(finish(cov, vx, vy))
        return pd.Series(found, index=group.index)

    return lambda frame: pd.concat([one(g) for _, g in frame.groupby("symbol")]).sort_index()


def bars_since(frame: pd.DataFrame) -> pd.Series:
    def one(group: pd.DataFrame) -> pd.Series:
        held = (group["close"] > group["open"]).to_numpy()
        known = group[["close", "open"]].notna().all(axis=1).to_numpy()
        found: list[float] = []
        for i in range(len(group)):
            ago = [k for k in range(10) if i - k >= 0 and held[i - k]]
            found.append((ago[0] if ago else 10) if known[i] else np.nan)
        return pd.Series(found, index=group.index)

    return pd.concat([one(g) for _, g in frame.groupby("symbol")]).sort_index()


def position(x: pd.Series) -> pd.Series:
    return (x.rank() - 1) / (x.count() - 1) if x.count() > 1 else x * np.nan


def rank_of_last(x: np.ndarray) -> float:
    there = pd.Series(x).dropna()
    return float((there.rank().iloc[-1] - 1) / (len(there) - 1)) if np.isfinite(x[-1]) else np.nan


def calendar(attribute: Callable[[pd.Series], pd.Series]) -> Oracle:
    return lambda frame: attribute(pd.to_datetime(frame["date"])).astype(float)


CASES: dict[str, Oracle] = {
    "open + close": lambda f: f.open + f.close,
    "open - 2 * close": lambda f: f.open - 2 * f.close,
    "-open / close": lambda f: -f.open / f.close,
    "open ^ 1.5": lambda f: f.open**1.5,
    "(open < close) + 2 * (open <= close)": lambda f: (3.0 * (f.open < f.close)).where(
        f.open.notna() & f.close.notna()
    ),
    "(open > 50) + 2 * (open >= 50)": lambda f: (3.0 * (f.open > 50)).where(f.open.notna()),
    "log(open)": lambda f: np.log(f.open),
    "log(open - 50)": lambda f: np.log((f.open - 50).where(f.open > 50)),
    "exp(open / 100)": lambda f: np.exp(f.open / 100),
    "sqrt(open - 50)": lambda f: np.sqrt((f.open - 50).where(f.open >= 50)),
    "abs(open - 50)": lambda f: (f.open - 50).abs(),
    "sign(open - 50)": lambda f: np.sign(f.open - 50),
    "least(open, close)": lambda f: np.minimum(f.open, f.close),
    "greatest(open, 50)": lambda f: f.open.clip(lower=50),
    "least(50, open)": lambda f: f.open.clip(upper=50),
    "greatest(open, close)": lambda f: np.maximum(f.open, f.close),
    "clip(open, 48, 52)": lambda f: f.open.clip(48, 52),
    "where(close > 50, open, -1)": lambda f: f.open.where(f.close > 50, -1.0).where(
        f.close.notna()
    ),
    "fill(open, close)": lambda f: f.open.fillna(f.close),
    "1 / (close - close)": lambda f: f.close * np.nan,
    "delay(open, 3)": along("open", lambda x: x.shift(3)),
    "delta(open, 3)": along("open", lambda x: x - x.shift(3)),
    "mean(open, 10)": rolling("open", 10, "mean"),
    "sum(open, 10)": rolling("open", 10, "sum"),
    "stdev(open, 10)": rolling("open", 10, "std"),
    "min(open, 10)": rolling("open", 10, "min"),
    "max(open, 10)": rolling("open", 10, "max"),
    "median(open, 10)": rolling("open", 10, "median"),
    "quantile(open, 10, 0.3)": rolling("open", 10, "quantile", q=0.3),
    "skew(open, 20)": along(
        "open",
        lambda x: x.rolling(20, min_periods=16).apply(
            lambda w: ((w - w.mean()) ** 3).mean() / ((w - w.mean()) ** 2).mean() ** 1.5
        ),
    ),
    "kurtosis(open, 20)": along(
        "open",
        lambda x: x.rolling(20, min_periods=16).apply(
            lambda w: ((w - w.mean()) ** 4).mean() / ((w - w.mean()) ** 2).mean() ** 2 - 3
        ),
    ),
    "ts_rank(open, 10)": along(
        "open", lambda x: x.rolling(10, min_periods=8).apply(rank_of_last, True)
    ),
    "zscore(open, 10)": along(
        "open",
        lambda x: (x - x.rolling(10, min_periods=8).mean()) / x.rolling(10, min_periods=8).std(),
    ),
    "ewma(open, 4, 12)": ewma(4, 12),
    "correlation(open, close, 10)": paired(10, lambda cov, vx, vy: cov / np.sqrt(vx * vy)),
    "slope(open, close, 10)": paired(10, lambda cov, vx, vy: cov / vy),
    "residual_stdev(open, close, 10)": paired(10, lambda cov, vx, vy: np.sqrt(vx - cov**2 / vy)),
    "bars_since(close > open, 10)": bars_since,
    "gap_days()": lambda f: (
        pd.to_datetime(f["date"]).groupby(f["symbol"]).diff().dt.days.astype(float)
    ),
    "rank(open)": across("open", position),
    "market_mean(open)": across("open", lambda x: x * 0 + x.mean()),
    "market_median(open)": across("open", lambda x: x * 0 + x.median()),
    "market_stdev(open)": across("open", lambda x: x * 0 + x.std()),
    "demean(open)": across("open", lambda x: x - x.mean()),
    "zscore_cs(open)": across("open", lambda x: (x - x.mean()) / x.std()),
    "sector_rank(open)": across("open", position, "sector"),
    "sector_mean(open)": across("open", lambda x: x * 0 + x.mean(), "sector"),
    "sector_stdev(open)": across("open", lambda x: x * 0 + x.std(), "sector"),
    "sector_demean(open)": across("open", lambda x: x - x.mean(), "sector"),
    "sector_zscore(open)": across("open", lambda x: (x - x.mean()) / x.std(), "sector"),
    "day_of_week()": calendar(lambda d: d.dt.isocalendar().day),
    "day_of_month()": calendar(lambda d: d.dt.day),
    "day_of_year()": calendar(lambda d: d.dt.day_of_year),
    "week_of_year()": calendar(lambda d: d.dt.isocalendar().week),
    "month()": calendar(lambda d: d.dt.month),
    "quarter()": calendar(lambda d: d.dt.quarter),
    "days_to_month_end()": calendar(lambda d: d.dt.days_in_month - d.dt.day),
    "days_into_quarter()": calendar(lambda d: (d - d.dt.to_period("Q").dt.start_time).dt.days),
}
# Of the day, so there even where the symbol's own value is missing.
OF_THE_DAY = ("market_", "sector_mean", "sector_stdev")


@pytest.mark.parametrize("expression", CASES)
def test_an_operator_does_what_pandas_does(
    expression: str, bars: pl.DataFrame, attributes: pl.DataFrame
) -> None:
    lookback = needed_lookback(expression)
    spec = FeatureSpec("made", expression, lookback)
    made = compile_features(bars.lazy(), [spec], attributes).collect()
    frame = bars.join(attributes, on="symbol", how="left", maintain_order="left").to_pandas()
    expected = np.array(CASES[expression](frame), dtype=float)
    expected[frame.groupby("symbol").cumcount().to_numpy() < lookback - 1] = np.nan
    found = made["made"].cast(pl.Float64).to_numpy()
    if expression.startswith(OF_THE_DAY):
        found = np.where(frame["open"].isna(), np.nan, found)
    assert made["made"].dtype == pl.Float32
    assert np.isfinite(expected).sum() > 0 or expression == "1 / (close - close)"
    np.testing.assert_allclose(found, expected, rtol=2e-4, atol=2e-5)


def test_every_operator_has_a_case() -> None:
    signs = {"add", "subtract", "multiply", "divide", "power", "negative"}
    signs |= {"less", "less_equal", "greater", "greater_equal"}
    named = {expression.split("(")[0] for expression in CASES}
    assert set(OPERATORS) - signs <= named


def test_a_huge_value_leaves_no_trace_once_it_has_left_the_window() -> None:
    close = [1.0, 2.0, 1e14, 3.0, 5.0, 4.0, 6.0, 8.0, 7.0, 9.0, 8.5, 9.5]
    frame = pl.DataFrame({"close": close}).with_columns(
        pl.lit("A").alias("symbol"),
        pl.date_range(pl.date(2020, 1, 1), pl.date(2020, 1, 12)).alias("date"),
        *(pl.col("close").alias(c) for c in ("open", "high", "low", "volume")),
    )
    specs = [
        FeatureSpec("m", "mean(close, 3)", 3),
        FeatureSpec("s", "stdev(close, 3)", 3),
    ]
    last = compile_features(frame.lazy(), specs).collect().tail(1)
    assert last["m"].item() == pytest.approx(9.0, rel=1e-6)
    assert last["s"].item() == pytest.approx(0.5, rel=1e-6)


def test_infinite_and_missing_prices_make_missing_features(bars: pl.DataFrame) -> None:
    broken = bars.with_columns(
        pl.when(pl.col("date") == pl.col("date").min().over("symbol"))
        .then(float("inf"))
        .when(pl.col("symbol") == "A")
        .then(float("nan"))
        .otherwise("close")
        .alias("close")
    )
    specs = [
        FeatureSpec("a", "mean(close, 5)", 5),
        FeatureSpec("b", "rank(log(close))", 1),
    ]
    made = compile_features(broken.lazy(), specs).collect()
    assert (
        made.filter(pl.col("symbol") == "A").select("a", "b").null_count().row(0)
        == ((bars["symbol"] == "A").sum(),) * 2
    )
    for name in ("a", "b"):
        assert made[name].drop_nulls().is_finite().all()
    assert made["a"].null_count() < made.height / 2


def test_dates_may_carry_a_time(bars: pl.DataFrame) -> None:
    timed = bars.with_columns(pl.col("date").cast(pl.Datetime("us", "UTC")))
    specs = [
        FeatureSpec("a", "rank(mean(close, 5))", 5),
        FeatureSpec("b", "gap_days() + day_of_week() + days_into_quarter()", 2),
    ]
    by_day = compile_features(bars.lazy(), specs).collect()
    by_time = compile_features(timed.lazy(), specs).collect()
    assert by_time.drop("date").equals(by_day.drop("date"))


def test_sector_features_need_sectors(bars: pl.DataFrame) -> None:
    with pytest.raises(StepError) as refused:
        compile_features(bars.lazy(), [FeatureSpec("s", "sector_mean(close)", 1)])
    assert refused.value.code == "features.no_sectors"
    assert refused.value.where["feature"] == "s"

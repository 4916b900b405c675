"""Labels against arithmetic done by hand, and the promise that they use later rows only."""

import datetime as dt
import math

import numpy as np
import polars as pl
import pytest

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.validation import VOLATILITY_FLOOR, make_labels

KINDS = ["forward_return", "excess_return", "direction", "log_realised_volatility"]


def bars(**closes: list[float | None]) -> pl.LazyFrame:
    start = dt.date(2020, 1, 1)
    return pl.DataFrame(
        [
            (symbol, start + dt.timedelta(days=i), close)
            for symbol, series in closes.items()
            for i, close in enumerate(series)
        ],
        schema={"symbol": pl.String, "date": pl.Date, "close": pl.Float64},
        orient="row",
    ).lazy()


def values(frame: pl.DataFrame, symbol: str) -> list[float]:
    return frame.filter(pl.col("symbol") == symbol)["label"].to_list()


def test_forward_return():
    made = make_labels(bars(A=[100, 110, 99, 120]), {"kind": "forward_return", "horizon": 2})
    assert values(made, "A") == pytest.approx([-0.01, 120 / 110 - 1])
    assert made["label_end"].to_list() == [dt.date(2020, 1, 3), dt.date(2020, 1, 4)]


def test_excess_return_is_over_the_equal_weight_universe_of_the_day():
    made = make_labels(bars(A=[100, 110], B=[100, 90]), {"kind": "excess_return", "horizon": 1})
    assert values(made, "A") == pytest.approx([0.1])
    assert values(made, "B") == pytest.approx([-0.1])


def test_direction():
    made = make_labels(bars(A=[100, 110, 110, 99]), {"kind": "direction", "horizon": 1})
    assert values(made, "A") == [1, 0, 0]


def test_log_realised_volatility():
    closes = [100, 110, 99, 120, 121]
    made = make_labels(bars(A=closes), {"kind": "log_realised_volatility", "horizon": 2})
    r = np.diff(np.log(closes))
    expected = [math.log(math.sqrt((r[i] ** 2 + r[i + 1] ** 2) / 2)) for i in range(3)]
    assert values(made, "A") == pytest.approx(expected)


def test_a_price_that_stands_still_has_the_stated_floor():
    made = make_labels(bars(A=[10, 12, 12, 12]), {"kind": "log_realised_volatility", "horizon": 2})
    assert values(made, "A")[1] == pytest.approx(math.log(VOLATILITY_FLOOR))


@pytest.mark.parametrize("kind", KINDS)
def test_missing_and_impossible_prices_make_no_label(kind):
    made = make_labels(
        bars(A=[1, 2, None, 4, -5, 6, 7, 8, math.inf, 9]), {"kind": kind, "horizon": 1}
    )
    assert made["date"].dt.day().to_list() == [1, 6, 7]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("horizon", [1, 3, 10])
def test_a_label_uses_later_rows_only_and_none_beyond_its_end(kind, horizon):
    noise = np.random.default_rng(1).normal(0, 0.02, (2, 60)).cumsum(axis=1)
    prices = {s: (100 * np.exp(noise[i])).tolist() for i, s in enumerate("AB")}
    target = {"kind": kind, "horizon": horizon}
    whole = make_labels(bars(**prices), target)
    t = 25
    at = dt.date(2020, 1, 1) + dt.timedelta(days=t)
    # Earlier rows do not matter, and neither do rows past the end of the label.
    part = {s: series[t : t + horizon + 1] for s, series in prices.items()}
    cut = make_labels(bars(**part), target).filter(pl.col("date") == dt.date(2020, 1, 1))
    same_day = whole.filter(pl.col("date") == at)
    assert cut["label"].to_list() == pytest.approx(same_day["label"].to_list(), abs=1e-9)
    assert (same_day["label_end"] - same_day["date"]).dt.total_days().to_list() == [horizon] * 2


def test_horizon_longer_than_the_data_names_the_field():
    with pytest.raises(StepError, match=r"target\.horizon is 5") as caught:
        make_labels(bars(A=[1, 2, 3]), {"kind": "direction", "horizon": 5})
    assert caught.value.code == "label.horizon_too_long"


def test_all_prices_missing_is_told_apart():
    with pytest.raises(StepError) as caught:
        make_labels(bars(A=[None] * 9), {"kind": "forward_return", "horizon": 2})
    assert caught.value.code == "label.none"

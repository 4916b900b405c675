"""The decay of an IC, held against Spearman's correlation day by day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from scipy.stats import spearmanr
from statsmodels.stats.multitest import multipletests

from breadthflow_engine.statistics import mean_test
from breadthflow_engine.steps.judge.decay import HORIZONS, ic_decay
from breadthflow_engine.steps.judge.panel import PredictedPanel
from breadthflow_engine.validation import Target, make_labels

DAYS, SYMBOLS, LASTS = 900, 60, 10
RETURNS = Target(kind="forward_return", horizon=5)


def market() -> tuple[pl.DataFrame, np.ndarray]:
    """Closes (days, symbols), and a signal that tells of the next `LASTS` returns alike."""
    rng = np.random.default_rng(4)
    moves = rng.normal(0, 0.02, (DAYS, SYMBOLS))
    close = 50 * np.exp(np.cumsum(moves, axis=0))
    ahead = np.zeros_like(moves)
    for bar in range(1, LASTS + 1):
        ahead[:-bar] += moves[bar:]
    days = [dt.date(2020, 1, 1) + dt.timedelta(days=day) for day in range(DAYS)]
    bars = pl.DataFrame(
        {
            "symbol": np.repeat([f"S{place:02}" for place in range(SYMBOLS)], DAYS),
            "date": days * SYMBOLS,
            "close": close.T.ravel(),
        }
    )
    return bars, ahead + rng.normal(0, 0.15, moves.shape)


BARS, SIGNAL = market()
CLOSE = BARS["close"].to_numpy().reshape(SYMBOLS, DAYS).T


def panel_of(signal: np.ndarray, days: int = DAYS - LASTS) -> PredictedPanel:
    """As if all but the last days had been predicted out of fold."""
    rows = (
        BARS.with_columns(pl.Series("prediction", signal.T.ravel()))
        .join(make_labels(BARS.lazy(), RETURNS), on=["symbol", "date"])
        .filter(pl.col("date") < BARS["date"].min() + dt.timedelta(days=days))
        .sort("date", "symbol")
    )
    prediction, label = (
        rows[name].to_numpy().reshape(-1, SYMBOLS) for name in ("prediction", "label")
    )
    return PredictedPanel(rows.select("symbol", "date", "prediction"), prediction, label)


def test_each_horizon_has_the_mean_rank_correlation_of_its_own_returns():
    found = ic_decay(panel_of(SIGNAL), BARS.lazy(), RETURNS, 0.001)
    assert found["horizon"] == list(HORIZONS)
    p_values = []
    for place, horizon in enumerate(HORIZONS):
        last = min(DAYS - LASTS, DAYS - horizon)
        daily = [
            spearmanr(SIGNAL[day], CLOSE[day + horizon] / CLOSE[day]).statistic
            for day in range(last)
        ]
        assert found["ic"][place] == pytest.approx(np.mean(daily))
        own = mean_test(daily, 2.0 * horizon)
        assert (found["lower"][place], found["upper"][place]) == pytest.approx(
            (own.lower, own.upper)
        )
        p_values.append(own.p_value)
    assert found["adjusted_p_value"] == pytest.approx(multipletests(p_values, method="holm")[1])


def test_it_rises_while_the_signal_lasts_and_falls_beyond():
    ic = dict(
        zip(HORIZONS, ic_decay(panel_of(SIGNAL), BARS.lazy(), RETURNS, 0.001)["ic"], strict=True)
    )
    assert ic[1] < ic[5]
    assert ic[21] < ic[5]


def test_of_a_horizon_beyond_the_history_nothing_is_said():
    short = BARS.filter(pl.col("date") < BARS["date"].min() + dt.timedelta(days=40))
    found = ic_decay(panel_of(SIGNAL, 30), short.lazy(), RETURNS, None)
    assert found["ic"][-1] is None
    assert found["adjusted_p_value"][-1] is None
    assert found["ic"][0] is not None
    assert found["adjusted_ic"] is None
    assert found["reason"]

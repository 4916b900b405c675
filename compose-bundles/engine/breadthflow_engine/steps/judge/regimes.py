"""Where does the idea fail? Its numbers by the state that the market was in.

A day's state is made from rows up to that day. The market is the equal-weight mean of the log
returns of all symbols that have one. Its volatility (21 bars) is low, middle or high by its rank
among those so far, so that the borders between the thirds move as history is told; its trend is
the sign of its last 126 bars. An IC belongs to the day on which it was predicted, a return to the
day before it was earned. Nothing of it was fitted, and nothing is traded on it.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.statistics import (
    adjusted_p_values,
    optimal_block_length,
    stationary_indices,
)
from breadthflow_engine.steps.judge.changes import BARS_PER_YEAR
from breadthflow_engine.steps.judge.evidence import Evidence

WINDOW = 21
TREND = 126
FIRST_RANKED = 126
"""Volatilities that there must be before one is called low or high among them."""

MIN_DAYS = 63
"""A quarter: a regime with fewer days has no interval, and is not held against an idea."""

REPLICATES = 1000
THIRDS = ("low", "middle", "high")
KINDS = {
    "volatility": f"volatility of the market over {WINDOW} bars, by its rank so far",
    "trend": f"return of the market over {TREND} bars",
    "year": "calendar year",
}

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """A number of one regime and its 95 % interval; None with few days."""

    value: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Regime:
    """Attributes:
    kind, name: such as volatility and high.
    days: on which predictions were judged in it.
    ic, lift: mean daily rank IC, and that less the best baseline's.
    adjusted_p_value: of "the lift is zero", on either side, adjusted for all regimes that were
        looked at (Holm 1979, which holds however they overlap); None with few days.
    bars: on which the book earned in it.
    annual_return: mean net return times 252, a fraction.
    sharpe: yearly, net.
    reason: why something is absent.
    """

    kind: str
    name: str
    days: int
    ic: Measured
    lift: Measured
    adjusted_p_value: float | None
    bars: int
    annual_return: float | None
    sharpe: Measured
    reason: str | None

    def title(self) -> str:
        if self.kind == "year":
            return self.name
        return f"{self.name} volatility" if self.kind == "volatility" else f"{self.name} market"


def market_states(bars: pl.LazyFrame) -> pl.DataFrame:
    """`date`, `volatility` (low, middle, high), `trend` (up, down) and `year`, null where the
    history before does not tell yet; one row a day, in order."""
    close = pl.col("close")
    market = (
        bars.select("symbol", "date", pl.when(close > 0).then(close))
        .sort("symbol", "date")
        .with_columns((close / close.shift(1)).log().over("symbol").alias("move"))
        .group_by("date")
        .agg(pl.col("move").filter(pl.col("move").is_finite()).mean())
        .sort("date")
        .with_columns(
            pl.col("move").rolling_std(WINDOW).alias("spread"),
            pl.col("move").rolling_sum(TREND).alias("past"),
        )
        .collect()
    )
    past = pl.col("past")
    return market.select(
        "date",
        pl.Series("volatility", _thirds(market["spread"].to_list()), pl.String),
        pl.when(past > 0).then(pl.lit("up")).when(past <= 0).then(pl.lit("down")).alias("trend"),
        pl.col("date").dt.year().cast(pl.String).alias("year"),
    )


def _thirds(spreads: list[float | None]) -> list[str | None]:
    """Each value's third among those up to it."""
    so_far: list[float] = []
    names: list[str | None] = []
    for spread in spreads:
        if spread is None or not math.isfinite(spread):
            names.append(None)
            continue
        bisect.insort(so_far, spread)
        rank = (bisect.bisect_left(so_far, spread) + 0.5) / len(so_far)
        names.append(None if len(so_far) < FIRST_RANKED else THIRDS[min(2, int(3 * rank))])
    return names


def regimes(
    evidence: Evidence,
    backtest: Artifact,
    bars: pl.LazyFrame,
    block: float,
    seed: int,
) -> list[Regime]:
    """The idea in each state that the market was in while it was judged or traded."""
    states = market_states(bars)
    names = list(KINDS)
    predicted = evidence.days.join(states, on="date", how="left", maintain_order="left")
    # A return is earned over the bar after the state was known.
    before = states.with_columns(pl.col(name).shift(1) for name in names)
    traded = pl.read_parquet(backtest.file("equity.parquet"), columns=["date"]).slice(1)
    earned = traded.join(before, on="date", how="left", maintain_order="left")
    rng = np.random.default_rng(seed)
    daily = _drawn(len(evidence.model_ic), max(block, optimal_block_length(evidence.model_ic)), rng)
    booked = _drawn(len(evidence.returns), max(block, optimal_block_length(evidence.returns)), rng)
    lift = evidence.model_ic - evidence.baseline_ic
    found = []
    for kind in names:
        for name in _in_order(kind, [*predicted[kind], *earned[kind]]):
            on_day = (predicted[kind] == name).fill_null(False).to_numpy()
            on_bar = (earned[kind] == name).fill_null(False).to_numpy()
            found.append(
                _regime(kind, name, evidence, lift, on_day, on_bar, daily=daily, booked=booked)
            )
    return _adjusted(found)


def _adjusted(found: list[tuple[Regime, float | None]]) -> list[Regime]:
    """Of many regimes one looks bad by luck: each p-value is adjusted for all of them."""
    given = [math.nan if p_value is None else p_value for _, p_value in found]
    return [
        replace(regime, adjusted_p_value=None if math.isnan(value) else float(value))
        for (regime, _), value in zip(found, adjusted_p_values(given, "holm"), strict=True)
    ]


def _in_order(kind: str, names: Iterable[str | None]) -> list[str]:
    there = {name for name in names if name is not None}
    order = {"volatility": THIRDS, "trend": ("up", "down")}.get(kind, sorted(there))
    return [name for name in order if name in there]


def _regime(
    kind: str,
    name: str,
    evidence: Evidence,
    lift: Floats,
    on_day: NDArray[np.bool_],
    on_bar: NDArray[np.bool_],
    *,
    daily: Floats,
    booked: Floats,
) -> tuple[Regime, float | None]:
    """A regime, and the p-value of its lift as if it were the only one."""
    days, bars = int(on_day.sum()), int(on_bar.sum())
    returns = evidence.returns[on_bar]
    few = [
        f"{count} {what}, fewer than {MIN_DAYS}: no interval"
        for count, what in ((days, "days of predictions"), (bars, "bars of the book"))
        if count < MIN_DAYS
    ]
    measured, p_value = _mean(lift, on_day, daily)
    regime = Regime(
        kind=kind,
        name=name,
        days=days,
        ic=_mean(evidence.model_ic, on_day, daily)[0],
        lift=measured,
        adjusted_p_value=None,
        bars=bars,
        annual_return=float(returns.mean()) * BARS_PER_YEAR if bars else None,
        sharpe=_sharpe(evidence.returns, on_bar, booked),
        reason="; ".join(few) or None,
    )
    return regime, p_value


def _drawn(count: int, block: float, rng: np.random.Generator) -> Floats:
    """How often each row is in each resampled history, (replicates, count): states are resampled
    with the rows that they belong to, so that a regime keeps the stretches that it came in."""
    positions = stationary_indices(count, min(block, float(count)), REPLICATES, rng)
    flat = positions + count * np.arange(REPLICATES)[:, None]
    return np.bincount(flat.ravel(), minlength=REPLICATES * count).reshape(-1, count).astype(float)


def _mean(
    values: Floats, within: NDArray[np.bool_], drawn: Floats
) -> tuple[Measured, float | None]:
    """The mean, and the two-sided p-value of "it is zero": twice the share of resampled histories
    in which it lies on the other side."""
    if not within.any():
        return Measured(None, None, None), None
    value = float(values[within].mean())
    if within.sum() < MIN_DAYS:
        return Measured(value, None, None), None
    times = drawn[:, within]
    count = times.sum(axis=1)
    means = times @ values[within] / np.where(count > 0, count, np.nan)
    lower, upper = _bounds(means)
    if lower is None:
        return Measured(value, None, None), None
    known = means[np.isfinite(means)]
    fewest = min(np.count_nonzero(known <= 0), np.count_nonzero(known >= 0))
    return Measured(value, lower, upper), min(1.0, 2 * (1 + float(fewest)) / (1 + len(known)))


def _sharpe(returns: Floats, within: NDArray[np.bool_], drawn: Floats) -> Measured:
    own = returns[within]
    if len(own) < 2 or not np.ptp(own) > 0:
        return Measured(None, None, None)
    year = math.sqrt(BARS_PER_YEAR)
    value = float(own.mean() / own.std(ddof=1)) * year
    if len(own) < MIN_DAYS:
        return Measured(value, None, None)
    times = drawn[:, within]
    count = times.sum(axis=1)
    count = np.where(count > 1, count, np.nan)
    mean = times @ own / count
    variance = (times @ own**2 / count - mean**2) * count / (count - 1)
    return Measured(
        value, *_bounds(mean / np.sqrt(np.where(variance > 0, variance, np.nan)) * year)
    )


def _bounds(found: Floats) -> tuple[float | None, float | None]:
    """Middle 95 % of resampled values; absent where half of the histories lack the regime."""
    known = found[np.isfinite(found)]
    if len(known) < len(found) / 2:
        return None, None
    lower, upper = np.quantile(known, [0.025, 0.975])
    return float(lower), float(upper)


def as_section(found: list[Regime]) -> dict[str, Any]:
    """The `regimes` section of `verdict.json`."""
    return {"kinds": KINDS, "min_days": MIN_DAYS, "rows": [asdict(regime) for regime in found]}

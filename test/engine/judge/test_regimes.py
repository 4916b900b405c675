"""The states of the market know nothing of what comes after, and each has numbers of its own."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from conftest import DAYS, market
from evidence_of import evidence_of, scattered

from breadthflow_engine.protocol.messages import MadeBy, Manifest
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.steps.judge.evidence import Evidence
from breadthflow_engine.steps.judge.regimes import (
    FIRST_RANKED,
    MIN_DAYS,
    TREND,
    WINDOW,
    Regime,
    as_section,
    market_states,
    regimes,
)

SINCE = 200
"""Of the market's days, the first on which the ideas of this file were judged and traded."""


@pytest.fixture(scope="module")
def states() -> pl.DataFrame:
    return market_states(market().lazy())


def book(folder: Path, days: list[dt.date]) -> Artifact:
    """Its equity has one row before the first return, as the backtest leaves it."""
    made_by = MadeBy(step="x", version="1", key="", params={}, inputs={}, lock="", engine="")
    pl.DataFrame({"date": days}).write_parquet(folder / "equity.parquet")
    return Artifact(folder, Manifest(kind="x", files=[], made_by=made_by, summary={}, seconds=0))


def judged(days: int = len(DAYS) - SINCE, lift: float = 0.02) -> Evidence:
    found = evidence_of(scattered(days, lift, 0.05), scattered(days, 0.001, 0.01, seed=2))
    dates = pl.DataFrame({"date": DAYS[SINCE : SINCE + days]})
    return Evidence(**{**vars(found), "days": dates})


def found_in(evidence: Evidence, folder: Path) -> dict[str, Regime]:
    days = len(evidence.returns)
    made = book(folder, DAYS[SINCE - 1 : SINCE + days])
    rows = regimes(evidence, made, market().lazy(), block=10.0, seed=7)
    return {f"{row.kind} {row.name}": row for row in rows}


@pytest.mark.parametrize("cut", [130, 151, 152, 201, 260, 333, 398])
def test_the_state_of_a_day_is_the_same_from_data_cut_at_that_day(states, cut):
    known = market().filter(pl.col("date") <= DAYS[cut])
    assert market_states(known.lazy()).equals(states.head(cut + 1))


def test_a_days_volatility_is_named_by_its_rank_among_those_before_it(states):
    """By the plain way: the rank of the last value among all so far, one day after the other."""
    close = market().pivot("symbol", index="date", values="close").sort("date").drop("date")
    moves = np.diff(np.log(close.to_numpy()), axis=0).mean(axis=1)
    spread = [moves[at - WINDOW : at].std(ddof=1) for at in range(WINDOW, len(moves) + 1)]
    names = []
    for count in range(1, len(spread) + 1):
        rank = (np.array(spread[:count]) < spread[count - 1]).sum() + 0.5
        name = ("low", "middle", "high")[int(3 * rank / count)]
        names.append(name if count >= FIRST_RANKED else None)
    assert states["volatility"].to_list() == [None] * WINDOW + names
    trend = [moves[at - TREND : at].sum() for at in range(TREND, len(moves) + 1)]
    signs = ["up" if value > 0 else "down" for value in trend]
    assert states["trend"].to_list() == [None] * TREND + signs


def test_an_ic_belongs_to_its_day_and_a_return_to_the_state_before_it(states, tmp_path):
    evidence = judged()
    on_day = states.slice(SINCE)
    day_before = states.slice(SINCE - 1, len(on_day))
    rows = found_in(evidence, tmp_path)
    assert {row.kind for row in rows.values()} == {"volatility", "trend", "year"}
    for row in rows.values():
        within = (on_day[row.kind] == row.name).fill_null(False).to_numpy()
        earned = (day_before[row.kind] == row.name).fill_null(False).to_numpy()
        assert (row.days, row.bars) == (within.sum(), earned.sum())
        assert row.lift.value == pytest.approx(evidence.model_ic[within].mean())
        own = evidence.returns[earned]
        assert row.annual_return == pytest.approx(own.mean() * 252)
        assert row.sharpe.value == pytest.approx(own.mean() / own.std(ddof=1) * 252**0.5)


def test_few_days_have_a_value_but_no_interval_and_say_so(tmp_path):
    rows = found_in(judged(days=MIN_DAYS - 1), tmp_path)
    assert rows
    for row in rows.values():
        assert row.ic.value is not None
        assert (row.ic.lower, row.lift.upper, row.sharpe.lower) == (None, None, None)
        assert row.adjusted_p_value is None
        assert f"fewer than {MIN_DAYS}" in str(row.reason)


def test_a_book_that_stood_still_has_no_ratio_in_any_state(tmp_path):
    evidence = judged()
    idle = Evidence(**{**vars(evidence), "returns": np.zeros(len(evidence.returns))})
    rows = found_in(idle, tmp_path)
    assert all(row.sharpe.value is None for row in rows.values())
    assert json.dumps(as_section(list(rows.values())), allow_nan=False)


def test_of_many_states_a_lucky_one_does_not_count(tmp_path):
    """Noise around a lift of nothing: some state's interval leaves 0 out in every other history,
    and hardly any is left once the p-values are adjusted for all of them."""
    plain = adjusted = 0
    for seed in range(40):
        ic = np.random.default_rng(seed).normal(0, 0.05, len(DAYS) - SINCE)
        rows = found_in(Evidence(**{**vars(judged()), "model_ic": ic}), tmp_path).values()
        known = [row for row in rows if row.lift.lower is not None]
        plain += any((row.lift.lower or 0) > 0 or (row.lift.upper or 0) < 0 for row in known)
        adjusted += any((row.adjusted_p_value or 0) <= 0.05 for row in known)
    assert plain >= 6
    assert adjusted <= 4


def test_a_true_lift_is_clear_in_every_state_with_enough_days(tmp_path):
    rows = [row for row in found_in(judged(lift=0.05), tmp_path).values() if row.days >= MIN_DAYS]
    assert rows
    for row in rows:
        assert (row.lift.lower or 0) > 0
        assert (row.adjusted_p_value or 1) <= 0.05

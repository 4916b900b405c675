"""Our equity against that of vectorbt, backtesting.py and bt, where all mean the same.

They run in an environment of their own (`node scripts/prepare.mjs --env peers`). Where they mean
something else, the last tests say what, and hold the difference against its formula:

- vectorbt and bt pay a fee out of the order: a buy for all cash is made smaller until cash pays
  for both. Ours buys what was asked for and owes the fee.
- backtesting.py holds one symbol, in whole shares, and sizes a relative order on the price with
  the commission in it. So it is told the shares, and ours holds whole shares too.
- bt knows closes only, so it is compared where orders are filled at the close.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from market_of import market_of, trading_of

from breadthflow_engine.backtest import accounting
from breadthflow_engine.backtest.crossing import crossing_equity
from breadthflow_engine.backtest.market import Matrix
from breadthflow_engine.backtest.portfolio import Orders, constrained_weights, execute
from breadthflow_engine.backtest.trailing import returns, trailing_volatility

REPOSITORY = Path(__file__).resolve().parents[3]
PROGRAM = REPOSITORY / "test" / "engine" / "programs" / "peers_of_backtest.py"
DAYS, SYMBOLS, CAPITAL = 400, 8, 1_000_000.0


def peers_python() -> Path | None:
    """The interpreter of the environment `peers`, if it is there."""
    inside = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    told = os.environ.get("BREADTHFLOW_PEERS_PYTHON")
    python = Path(told) if told else REPOSITORY / ".venv" / "peers" / inside
    return python if python.exists() else None


pytestmark = pytest.mark.skipif(
    peers_python() is None,
    reason="environment `peers` is not there: node scripts/prepare.mjs --env peers",
)


def prices() -> tuple[Matrix, Matrix]:
    rng = np.random.default_rng(11)
    market = rng.normal(0.0003, 0.01, (DAYS, 1))
    closes = 40 * np.exp(np.cumsum(market + rng.normal(0, 0.015, (DAYS, SYMBOLS)), axis=0))
    return closes * np.exp(rng.normal(0, 0.006, closes.shape)), closes


OPENS, CLOSES = prices()


@dataclass
class Case:
    """A strategy: weights of the signals of some bars, how they are filled, and who can do it."""

    weights: dict[int, Matrix]
    execution: str
    peers: tuple[str, ...]
    fee: float = 0.0
    symbols: int = SYMBOLS
    whole: bool = False

    def equity(self):
        market = market_of(OPENS[:, : self.symbols], CLOSES[:, : self.symbols])
        orders = Orders(np.array(list(self.weights)), np.array(list(self.weights.values())))
        trading = trading_of(
            execution=self.execution,
            commission_bps=self.fee * 1e4,
            capital=CAPITAL,
            whole_shares=self.whole,
        )
        accounts = execute(market, orders, trading, in_detail=True)
        return accounts.bars[:, accounting.EQUITY] * CAPITAL, accounts

    def asked(self) -> dict[str, np.ndarray]:
        _, accounts = self.equity()
        weights = np.full((DAYS, self.symbols), np.nan)
        shares = np.full(DAYS, np.nan)
        for signal, row in self.weights.items():
            weights[signal + 1] = row
            shares[signal + 1] = accounts.held[signal + 1, 0]
        return {
            "open": OPENS[:, : self.symbols],
            "close": CLOSES[:, : self.symbols],
            "weights": weights,
            "shares": shares,
            "terms": np.array([self.execution == "next_open", self.fee, CAPITAL]),
            "peers": np.array(self.peers),
        }


def crossing(fast: int, slow: int, inside: float, outside: float = 0.0) -> dict[int, Matrix]:
    """One symbol, in or out, an order only where that changes."""
    mean = {
        width: np.convolve(CLOSES[:, 0], np.ones(width) / width, "valid")[slow - width :]
        for width in (fast, slow)
    }
    above = mean[fast] > mean[slow]
    days = np.flatnonzero(np.diff(np.concatenate([[False], above]).astype(int)))
    return {
        int(day) + slow - 1: np.array([inside if above[day] else outside])
        for day in days
        if day + slow < DAYS
    }


def chosen(strategy: str, every: int, signal: Matrix, gross: float, **asked) -> dict[int, Matrix]:
    days = np.arange(70, DAYS - 1, every)
    market = market_of(OPENS, CLOSES)
    trading = trading_of(strategy=strategy, gross=gross, **asked)
    rows = constrained_weights(market, signal[days], days, trading)
    return dict(zip(days.tolist(), rows, strict=True))


MOMENTUM = np.vstack([np.full((21, SYMBOLS), np.nan), CLOSES[21:] / CLOSES[:-21] - 1])
LOG_VOLATILITY = np.log(trailing_volatility(returns(CLOSES), np.arange(DAYS)))
ALL = {5: np.full(SYMBOLS, 0.9 / SYMBOLS)}
EQUAL = {int(day): np.full(SYMBOLS, 0.9 / SYMBOLS) for day in range(5, DAYS - 1, 21)}

CASES = {
    "buy_and_hold": Case(ALL, "next_close", ("vectorbt", "bt")),
    "equal_weight": Case(EQUAL, "next_close", ("vectorbt", "bt")),
    "equal_weight_with_fees": Case(EQUAL, "next_open", ("vectorbt",), fee=0.001),
    "crossing": Case(crossing(5, 20, 0.9), "next_close", ("vectorbt", "bt"), symbols=1),
    "crossing_in_whole_shares": Case(
        crossing(5, 20, 0.9), "next_open", ("backtesting",), fee=0.002, symbols=1, whole=True
    ),
    "crossing_at_the_close": Case(
        crossing(10, 50, 0.9), "next_close", ("backtesting",), symbols=1, whole=True
    ),
    "always_in_long_or_short": Case(
        crossing(5, 20, 0.5, -0.5), "next_open", ("backtesting",), fee=0.001, symbols=1, whole=True
    ),
    "momentum_top_three": Case(
        chosen("long_only", 5, MOMENTUM, 0.9, top_n=3), "next_close", ("vectorbt", "bt")
    ),
    "long_short_quantiles": Case(
        chosen("long_short", 5, -MOMENTUM, 0.8, quantile=0.25),
        "next_open",
        ("vectorbt",),
        fee=0.0005,
    ),
    "long_short_at_the_close": Case(
        chosen("long_short", 10, MOMENTUM, 0.8, quantile=0.5), "next_close", ("vectorbt", "bt")
    ),
    "inverse_volatility": Case(
        chosen("inverse_volatility", 5, LOG_VOLATILITY, 0.9), "next_close", ("vectorbt", "bt")
    ),
    "proportional_with_fees": Case(
        chosen("proportional", 1, MOMENTUM, 0.8), "next_open", ("vectorbt",), fee=0.0002
    ),
    # Where the meanings differ; see above.
    "all_in_with_fees": Case(
        {5: np.array([1.0])}, "next_close", ("vectorbt", "bt"), fee=0.01, symbols=1
    ),
}
DIFFERENT = ("all_in_with_fees",)


@pytest.fixture(scope="module")
def theirs(tmp_path_factory) -> dict[str, Matrix]:
    """Equity by `case/peer`."""
    folder = tmp_path_factory.mktemp("peers")
    asked = {
        f"{name}/{key}": value
        for name, case in CASES.items()
        for key, value in case.asked().items()
    }
    np.savez(folder / "in.npz", **asked)
    done = subprocess.run(
        [str(peers_python()), str(PROGRAM), str(folder / "in.npz"), str(folder / "out.npz")],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with np.load(folder / "out.npz") as found:
        return {name: found[name] for name in found.files}


@pytest.mark.parametrize(
    ("name", "peer"),
    [(name, peer) for name, case in CASES.items() for peer in case.peers if name not in DIFFERENT],
)
def test_equity_is_theirs(name, peer, theirs):
    ours, accounts = CASES[name].equity()
    assert np.count_nonzero(accounts.traded) >= len(CASES[name].weights)
    assert ours == pytest.approx(theirs[f"{name}/{peer}"], rel=1e-6)


def test_ten_strategies_are_compared():
    assert len([name for name in CASES if name not in DIFFERENT]) >= 10


@pytest.mark.parametrize("peer", ["vectorbt", "bt"])
def test_a_buy_for_all_cash_is_smaller_by_the_fee_where_the_fee_is_paid_out_of_it(peer, theirs):
    case = CASES["all_in_with_fees"]
    ours, _ = case.equity()
    grown = CLOSES[6:, 0] / CLOSES[6, 0]
    assert ours[6:] / CAPITAL == pytest.approx(grown - case.fee, rel=1e-9)
    expected = grown / (1 + case.fee)
    assert theirs[f"all_in_with_fees/{peer}"][6:] / CAPITAL == pytest.approx(expected, rel=1e-6)


def test_a_crossing_is_booked_as_a_book_of_the_same_orders():
    """The grid's own arithmetic, against the accounting that is compared with the peers above."""
    case = Case(crossing(5, 20, 1.0), "next_open", (), symbols=1)
    grid = crossing_equity(OPENS[:, :1], CLOSES[:, :1], 5, 20)
    assert case.equity()[0] / CAPITAL == pytest.approx(grid[:, 0], rel=1e-9)

"""Moving-average crosses on every symbol, for a whole grid of window pairs in one call.

Each symbol and pair is a book of its own: all in cash or all in the symbol. At the close of a bar
the mean of the last `fast` closes is held against that of the last `slow` ones; where it is above,
the book is in the symbol from the next bar on, filled at that bar's open or close.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.backtest.compiled import DAYS, MATRIX, ROW, compiled
from breadthflow_engine.backtest.market import Matrix
from breadthflow_engine.backtest.settings import BARS_PER_YEAR
from breadthflow_engine.backtest.study import in_threads


@dataclass(frozen=True)
class CrossingGrid:
    """Of P pairs of windows and S symbols, each (P, S); NaN where a number does not exist.

    Attributes:
        final: equity at the last close, from 1.
        drawdown: the deepest, a negative fraction.
        sharpe: a year, of the net returns of all bars but the first; NaN where they do not vary.
        fills: how often the book went in or out.
    """

    final: Matrix
    drawdown: Matrix
    sharpe: Matrix
    fills: NDArray[np.int64]


def crossing_grid(
    opens: Matrix,
    closes: Matrix,
    fast: NDArray[np.int64],
    slow: NDArray[np.int64],
    *,
    at_open: bool = True,
    fee: float = 0.0,
    slippage: float = 0.0,
    threads: int = 1,
) -> CrossingGrid:
    """Run P pairs of windows on all symbols.

    Args:
        opens, closes: (D, S), NaN where missing; a bar without an open is filled at its close.
        fast, slow: (P,) bars of the two windows.
        fee: of traded notional.
        slippage: of the price, against the book, on every fill.
        threads: that share the symbols.

    Raises:
        ValueError: windows of no bars, or not as many fast ones as slow ones.
    """
    windows, pairs = _windows(fast, slow)
    shape = (len(fast), closes.shape[1])
    grid = CrossingGrid(
        np.full(shape, np.nan),
        np.full(shape, np.nan),
        np.full(shape, np.nan),
        np.zeros(shape, np.int64),
    )
    edges = np.linspace(0, shape[1], max(1, threads) + 1).astype(np.int64)

    def work(part: int) -> None:
        _run(
            *(np.ascontiguousarray(opens), np.ascontiguousarray(closes), windows, pairs),
            *(at_open, fee, slippage, int(edges[part]), int(edges[part + 1])),
            *(grid.final, grid.drawdown, grid.sharpe, grid.fills),
        )

    in_threads(work, range(len(edges) - 1), threads)
    return grid


def crossing_equity(
    opens: Matrix,
    closes: Matrix,
    fast: int,
    slow: int,
    *,
    at_open: bool = True,
    fee: float = 0.0,
    slippage: float = 0.0,
) -> Matrix:
    """Equity (D, S) of one pair's books at every close, from 1; NaN where a symbol has no bar."""
    windows, pairs = _windows(np.array([fast]), np.array([slow]))
    found = np.full_like(closes, np.nan)
    for symbol in range(closes.shape[1]):
        known = np.isfinite(closes[:, symbol])
        if not known.any():
            continue
        growth, held = _prepared(
            *(np.ascontiguousarray(opens[known, symbol]), closes[known, symbol].copy(), windows),
            *(at_open, fee, slippage),
        )
        above = held[pairs[0, 0]] > held[pairs[0, 1]]
        now = np.concatenate([[False], above[:-1]])
        before = np.concatenate([[False], now[:-1]])
        kind = 2 * before.astype(int) + now
        found[known, symbol] = np.cumprod(growth[kind, np.arange(len(kind))])
    return found


def _windows(
    fast: NDArray[np.int64], slow: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if len(fast) != len(slow) or len(fast) == 0 or min(fast.min(), slow.min()) < 1:
        raise ValueError("needs as many fast as slow windows, each of one bar or more")
    windows, place = np.unique(np.concatenate([fast, slow]), return_inverse=True)
    pairs = np.column_stack([place[: len(fast)], place[len(fast) :]])
    return windows.astype(np.int64), np.ascontiguousarray(pairs, dtype=np.int64)


@compiled(
    numba.types.UniTuple(MATRIX, 2)(ROW, ROW, DAYS, numba.boolean, numba.float64, numba.float64)
)
def _prepared(
    opens: Any, closes: Any, windows: Any, at_open: bool, fee: float, slippage: float
) -> Any:
    """Growth (4, n) of a book on each bar by 2 · was in + is in, and the windows' means (W, n)."""
    bars = len(closes)
    into = 1.0 / ((1.0 + slippage) * (1.0 + fee))
    out = (1.0 - slippage) * (1.0 - fee)
    growth = np.ones((4, bars))
    for t in range(1, bars):
        move = closes[t] / closes[t - 1]
        if at_open and np.isfinite(opens[t]):
            growth[1, t] = closes[t] / opens[t] * into
            growth[2, t] = opens[t] / closes[t - 1] * out
        else:
            growth[1, t] = into
            growth[2, t] = move * out
        growth[3, t] = move
    means = np.full((len(windows), bars), np.nan)
    for w in range(len(windows)):
        width = windows[w]
        total = 0.0
        for t in range(bars):
            total += closes[t]
            if t >= width:
                total -= closes[t - width]
            if t >= width - 1:
                means[w, t] = total / width
    return growth, means


@compiled(
    numba.void(
        *(MATRIX, MATRIX, DAYS, numba.int64[:, ::1]),
        *(numba.boolean, numba.float64, numba.float64, numba.int64, numba.int64),
        *(MATRIX, MATRIX, MATRIX, numba.int64[:, ::1]),
    )
)
def _run(
    opens: Any,
    closes: Any,
    windows: Any,
    pairs: Any,
    at_open: bool,
    fee: float,
    slippage: float,
    begin: int,
    end: int,
    final: Any,
    drawdown: Any,
    sharpe: Any,
    fills: Any,
) -> None:
    """Fill the columns `begin` to `end` of the results."""
    days = len(closes)
    own_opens = np.empty(days)
    own_closes = np.empty(days)
    for symbol in range(begin, end):
        bars = 0
        for day in range(days):
            if np.isfinite(closes[day, symbol]):
                own_opens[bars] = opens[day, symbol]
                own_closes[bars] = closes[day, symbol]
                bars += 1
        if bars < 2:
            continue
        growth, means = _prepared(
            own_opens[:bars], own_closes[:bars], windows, at_open, fee, slippage
        )
        for pair in range(len(pairs)):
            quick = means[pairs[pair, 0]]
            calm = means[pairs[pair, 1]]
            equity = peak = lowest = 1.0
            over_peak = 1.0
            total = squares = 0.0
            before = 0
            moves = 0
            for t in range(1, bars):
                now = 1 if quick[t - 1] > calm[t - 1] else 0
                grown = growth[2 * before + now, t]
                moves += now ^ before
                before = now
                equity *= grown
                gain = grown - 1.0
                total += gain
                squares += gain * gain
                if equity > peak:
                    peak = equity
                    over_peak = 1.0 / peak
                lowest = min(lowest, equity * over_peak)
            count = bars - 1
            mean = total / count
            final[pair, symbol] = equity
            drawdown[pair, symbol] = lowest - 1.0
            fills[pair, symbol] = moves
            if count > 1:
                variance = (squares - count * mean * mean) / (count - 1)
                if variance > 1e-28:
                    sharpe[pair, symbol] = mean / np.sqrt(variance) * np.sqrt(BARS_PER_YEAR)

"""How fast our backtest is, beside a bare loop: `python test/bench/backtest.py PRICES.npz`.

Writes PRICES.npz from the demo's bars: `open` and `close` (D, S) and 100 pairs of windows, `fast`
and `slow` (P,). Not every peer can do with gaps, so holes have the last price, and what a symbol
lacks before its first bar moves as the market did. Prints one JSON document: seconds are medians of
warm runs, ours and the bare loop in turns.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import time
import tracemalloc
from pathlib import Path

import numba
import numpy as np
import polars as pl

from breadthflow_engine.backtest.analytics.attribution import last_known
from breadthflow_engine.backtest.crossing import crossing_grid
from breadthflow_engine.backtest.market import make_market
from breadthflow_engine.backtest.trailing import returns, row_mean

BARS = Path(__file__).resolve().parents[2] / "resources/demo/sp500_daily_2013_2018.parquet"
FEE = 0.0005
SLIPPAGE = 0.0005


def write_prices(place: str) -> None:
    bars = pl.read_parquet(BARS)
    market = make_market(bars.lazy(), bars["symbol"])

    closes = last_known(market.close)
    opens = np.where(np.isfinite(market.open), market.open, closes)
    moves = 1.0 + np.nan_to_num(row_mean(returns(market.close)))
    for day in range(len(closes) - 2, -1, -1):
        before = closes[day] == 0
        closes[day, before] = closes[day + 1, before] / moves[day + 1]
        opens[day, before] = closes[day, before]
    # Prices in cents have windows of exactly the same mean, and then rounding decides who crosses.
    closes *= 1.0 + 1e-6 * np.random.default_rng(1).standard_normal(closes.shape)
    np.savez(
        place,
        open=np.ascontiguousarray(opens),
        close=np.ascontiguousarray(closes),
        fast=np.repeat(np.arange(5, 55, 5), 10),
        slow=np.tile(np.arange(60, 260, 20), 10),
    )


@numba.njit(nogil=True, error_model="numpy")
def bare_loop(opens, closes, fast, slow, fee, slippage, final, drawdown, sharpe):
    """What anyone would write who needs these numbers once: no checks, no gaps, nothing shared."""
    bars, symbols = closes.shape
    for symbol in range(symbols):
        price = closes[:, symbol].copy()
        first = opens[:, symbol].copy()
        for pair in range(len(fast)):
            quick = calm = 0.0
            equity = peak = 1.0
            worst = total = squares = 0.0
            wanted = held = False
            for t in range(bars):
                last = equity
                if t > 0:
                    if wanted and held:
                        equity *= price[t] / price[t - 1]
                    elif wanted:
                        equity *= price[t] / (first[t] * (1 + slippage) * (1 + fee))
                    elif held:
                        equity *= first[t] * (1 - slippage) * (1 - fee) / price[t - 1]
                    held = wanted
                    gain = equity / last - 1
                    total += gain
                    squares += gain * gain
                peak = max(peak, equity)
                worst = min(worst, equity / peak - 1)
                quick += price[t]
                calm += price[t]
                if t >= fast[pair]:
                    quick -= price[t - fast[pair]]
                if t >= slow[pair]:
                    calm -= price[t - slow[pair]]
                wanted = (
                    t >= fast[pair] - 1
                    and t >= slow[pair] - 1
                    and quick / fast[pair] > calm / slow[pair]
                )
            mean = total / (bars - 1)
            variance = (squares - (bars - 1) * mean * mean) / (bars - 2)
            final[pair, symbol] = equity
            drawdown[pair, symbol] = worst
            sharpe[pair, symbol] = mean / math.sqrt(variance) * math.sqrt(252.0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prices")
    parser.add_argument("--runs", type=int, default=7)
    asked = parser.parse_args()
    write_prices(asked.prices)
    with np.load(asked.prices) as saved:
        opens, closes, fast, slow = (saved[name] for name in ("open", "close", "fast", "slow"))
    shape = (len(fast), closes.shape[1])
    bare = [np.empty(shape) for _ in range(3)]

    def ours(threads: int = 1):
        return crossing_grid(opens, closes, fast, slow, fee=FEE, slippage=SLIPPAGE, threads=threads)

    ways = {
        "bare": lambda: bare_loop(opens, closes, fast, slow, FEE, SLIPPAGE, *bare),
        "ours": ours,
        "ours_2_threads": lambda: ours(2),
    }
    seconds = {name: [] for name in ways}
    for _ in range(asked.runs + 1):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - started)
    grid = ours()
    tracemalloc.start()
    ours(2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    document = {
        "bars": int(closes.size * len(fast)),
        **{f"{name}_seconds": statistics.median(took[1:]) for name, took in seconds.items()},
        "memory_of_price_matrix": peak / closes.nbytes,
        "largest_difference_from_bare": max(
            float(np.nanmax(np.abs(mine - theirs)))
            for mine, theirs in zip((grid.final, grid.drawdown, grid.sharpe), bare, strict=True)
        ),
        "final_equity_mean": float(grid.final.mean()),
    }
    sys.stdout.write(json.dumps(document) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The same moving-average crosses by vectorbt and backtesting.py.

`python test/bench/backtest_peers.py PRICES.npz` in the environment `peers`, with the file that
backtest.py wrote. Prints one JSON document; seconds are of warm runs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import warnings

import numpy as np
import pandas as pd
import vectorbt as vbt
from backtesting import Strategy
from backtesting.lib import FractionalBacktest

FEE = 0.0005
SLIPPAGE = 0.0005
SYMBOLS_OF_BACKTESTING = 5


def by_vectorbt(
    opens: np.ndarray, closes: np.ndarray, fast: np.ndarray, slow: np.ndarray
) -> np.ndarray:
    """Its whole path: means, signals, portfolio, equity, drawdown and Sharpe ratio.

    A pair at a time: with many at once its matrices leave the caches, and it takes longer.
    Returns the final equities.
    """
    prices = pd.DataFrame(closes)
    windows = [int(width) for width in np.unique(np.concatenate([fast, slow]))]
    means = vbt.MA.run(prices, window=windows).ma.to_numpy()
    symbols = closes.shape[1]
    of = {w: means[:, at * symbols : (at + 1) * symbols] for at, w in enumerate(windows)}
    final = []
    for quick, calm in zip(fast, slow, strict=True):
        held = np.zeros(closes.shape, bool)
        held[1:] = of[int(quick)][:-1] > of[int(calm)][:-1]
        portfolio = vbt.Portfolio.from_signals(
            prices,
            entries=held,
            exits=~held,
            price=opens,
            fees=FEE,
            slippage=SLIPPAGE,
            init_cash=1.0,
            freq="1D",
        )
        daily = portfolio.returns().vbt.returns(freq="1D", year_freq="252D")
        daily.max_drawdown()
        daily.sharpe_ratio()
        final.append(portfolio.value().to_numpy()[-1])
    return np.concatenate(final)


def by_backtesting(opens: np.ndarray, closes: np.ndarray, fast: int, slow: int) -> float:
    """Seconds of one run on one symbol; it has no slippage, so half the spread stands for it."""
    index = pd.date_range("2013-02-08", periods=len(closes), freq="D")
    table = pd.DataFrame(
        {
            "Open": opens,
            "High": np.maximum(opens, closes),
            "Low": np.minimum(opens, closes),
            "Close": closes,
            "Volume": np.ones(len(closes)),
        },
        index=index,
    )

    class Cross(Strategy):
        def init(self) -> None:
            price = pd.Series(self.data.Close)
            self.quick = self.I(lambda: price.rolling(fast).mean())
            self.calm = self.I(lambda: price.rolling(slow).mean())

        def next(self) -> None:
            if self.quick[-1] > self.calm[-1]:
                if not self.position:
                    self.buy()
            elif self.position:
                self.position.close()

    test = FractionalBacktest(table, Cross, cash=1e6, commission=FEE, spread=SLIPPAGE)
    started = time.perf_counter()
    test.run()
    return time.perf_counter() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prices")
    parser.add_argument("--runs", type=int, default=1)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    with np.load(asked.prices) as saved:
        opens, closes, fast, slow = (saved[name] for name in ("open", "close", "fast", "slow"))
    # The first run compiles.
    by_vectorbt(opens, closes, fast[:2], slow[:2])
    seconds = []
    final = None
    for _ in range(asked.runs):
        started = time.perf_counter()
        final = by_vectorbt(opens, closes, fast, slow)
        seconds.append(time.perf_counter() - started)
    assert final is not None
    one = [
        by_backtesting(opens[:, symbol], closes[:, symbol], int(fast[0]), int(slow[0]))
        for symbol in range(SYMBOLS_OF_BACKTESTING + 1)
    ][1:]
    document = {
        "vectorbt": vbt.__version__,
        "vectorbt_seconds": statistics.median(seconds),
        "vectorbt_final_equity_mean": float(final.mean()),
        "backtesting_seconds_per_bar": statistics.median(one) / len(closes),
    }
    sys.stdout.write(json.dumps(document) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Runs strategies through vectorbt, backtesting.py and bt: `python peers_of_backtest.py IN OUT`.

For the environment `peers`, which has nothing of ours. IN is an .npz with, for each case NAME,
`NAME/open`, `NAME/close` (D, S), `NAME/weights` (D, S) with NaN rows where nothing is ordered,
`NAME/shares` (D,) of the first symbol where the order is in shares, `NAME/terms`: fill at the open
(1) or the close (0) of the row's bar, fee, capital; and `NAME/peers`. OUT gets `NAME/PEER`:
equity (D,) at the closes.
"""

from __future__ import annotations

import contextlib
import io
import sys
import warnings

import numpy as np
import pandas as pd


def by_vectorbt(opens, closes, weights, shares, at_open, fee, capital):
    import vectorbt as vbt

    portfolio = vbt.Portfolio.from_orders(
        pd.DataFrame(closes),
        size=weights,
        size_type="targetpercent",
        price=opens if at_open else closes,
        fees=fee,
        cash_sharing=True,
        group_by=True,
        call_seq="auto",
        init_cash=capital,
        freq="1D",
    )
    return portfolio.value().to_numpy()


def by_backtesting(opens, closes, weights, shares, at_open, fee, capital):
    """One symbol in whole shares. An order is given on the bar before the one it is filled on, or
    on that bar itself where it is filled at the close."""
    from backtesting import Backtest, Strategy

    table = pd.DataFrame(
        {
            "Open": opens[:, 0],
            "High": np.maximum(opens[:, 0], closes[:, 0]),
            "Low": np.minimum(opens[:, 0], closes[:, 0]),
            "Close": closes[:, 0],
            "Volume": 1.0,
        },
        index=_days(closes),
    )

    class Given(Strategy):
        def init(self) -> None:
            pass

        def next(self) -> None:
            fill = len(self.data) if at_open else len(self.data) - 1
            if fill >= len(shares) or not np.isfinite(shares[fill]):
                return
            change = shares[fill] - self.position.size
            if change > 0:
                self.buy(size=int(change))
            elif change < 0:
                self.sell(size=int(-change))

    test = Backtest(
        table, Given, cash=capital, commission=fee, trade_on_close=not at_open, margin=0.5
    )
    return test.run()["_equity_curve"]["Equity"].to_numpy()


def by_bt(opens, closes, weights, shares, at_open, fee, capital):
    import bt

    days = _days(closes)
    names = [f"S{place}" for place in range(closes.shape[1])]
    ordered = np.isfinite(weights).all(axis=1)
    targets = pd.DataFrame(weights[ordered], index=days[ordered], columns=names)
    strategy = bt.Strategy(
        "given",
        [bt.algos.RunOnDate(*days[ordered]), bt.algos.WeighTarget(targets), bt.algos.Rebalance()],
    )
    test = bt.Backtest(
        strategy,
        pd.DataFrame(closes, index=days, columns=names),
        initial_capital=capital,
        commissions=lambda quantity, price: abs(quantity) * price * fee,
        integer_positions=False,
        progress_bar=False,
    )
    bt.run(test)
    # bt puts a day before the first one.
    return test.strategy.values.to_numpy()[1:]


def _days(closes):
    return pd.date_range("2015-01-01", periods=len(closes), freq="D")


PEERS = {"vectorbt": by_vectorbt, "backtesting": by_backtesting, "bt": by_bt}


def main(source: str, target: str) -> int:
    warnings.simplefilter("ignore")
    found = {}
    with np.load(source) as cases:
        for name in sorted({key.split("/")[0] for key in cases.files}):
            case = {key: cases[f"{name}/{key}"] for key in ("open", "close", "weights", "shares")}
            at_open, fee, capital = cases[f"{name}/terms"]
            for peer in cases[f"{name}/peers"]:
                with contextlib.redirect_stderr(io.StringIO()):
                    found[f"{name}/{peer}"] = PEERS[str(peer)](
                        case["open"],
                        case["close"],
                        case["weights"],
                        case["shares"],
                        bool(at_open),
                        float(fee),
                        float(capital),
                    )
    np.savez(target, **found)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

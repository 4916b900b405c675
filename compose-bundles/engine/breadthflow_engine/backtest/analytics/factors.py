"""How much of the book's return well-known factors explain, all made from the data itself.

They stand for the published ones and are not them: without shares outstanding, money traded
stands for size.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from breadthflow_engine.backtest.absent import Absent
from breadthflow_engine.backtest.frictions import money_volume
from breadthflow_engine.backtest.market import Days, Market, Matrix
from breadthflow_engine.backtest.settings import BARS_PER_YEAR
from breadthflow_engine.backtest.trailing import returns, row_mean, trailing_volatility

FEWEST_BARS = 63
REFRESHED_EVERY = 21
MOMENTUM_BARS = 252
SKIPPED_BARS = 21
SIDE = 1 / 3

MEANINGS = {
    "market": "mean return of all symbols",
    "size": "symbols with little money traded less those with much",
    "momentum": "winners less losers of the last year but the last month",
    "volatility": "symbols that moved most less those that moved least in the last quarter",
}


def factor_exposure(market: Market, first: int, net: Matrix) -> dict[str, Any]:
    """Regress net returns on the factors' returns of the same bars.

    Ordinary least squares with Newey and West's (1987) standard errors, whose lags are
    floor(4 (T / 100)^(2/9)).

    Args:
        market: all bars, those before the book began included.
        first: the bar that `net` (T,) begins with.

    Returns:
        `alpha`: a year, `alpha_t`; `r_squared`; `bars` T; `factors` [{name, meaning, beta, t,
        contribution: beta times the factor's mean return a year}].
    """
    factors = factor_returns(market, first, len(net))
    names = list(factors)
    table = np.column_stack([factors[name] for name in names])
    known = np.isfinite(table).all(axis=1) & np.isfinite(net)
    bars = int(known.sum())
    if bars < FEWEST_BARS:
        raise Absent(
            f"{bars} bars have all factors, {FEWEST_BARS} are the least; momentum needs a year of "
            "bars before the first signal"
        )
    if not net[known].std() > 0:
        raise Absent("the returns do not vary")
    design = np.column_stack([np.ones(bars), table[known]])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise Absent("the factors do not differ on so few symbols")
    slopes, errors, explained = newey_west(design, net[known])
    with np.errstate(divide="ignore", invalid="ignore"):
        t = slopes / errors
    return {
        "alpha": slopes[0] * BARS_PER_YEAR,
        "alpha_t": t[0],
        "r_squared": explained,
        "bars": bars,
        "factors": [
            {
                "name": name,
                "meaning": MEANINGS[name],
                "beta": slopes[at],
                "t": t[at],
                "contribution": slopes[at] * table[known, at - 1].mean() * BARS_PER_YEAR,
            }
            for at, name in enumerate(names, start=1)
        ],
    }


def factor_returns(market: Market, first: int, count: int) -> dict[str, Matrix]:
    """Returns (count,) of each factor from bar `first` on.

    Each but the market is the mean return of the third of the symbols with most of something less
    that of the third with least, chosen every 21 bars by what was known at the close before.
    """
    daily = returns(market.close)
    days = np.arange(max(first - 1, 0), first + count - 1, REFRESHED_EVERY, dtype=np.int64)
    found = {"market": row_mean(daily[first : first + count])}
    for name, values in (
        ("size", -money_volume(market, days)),
        ("momentum", _momentum(market, days)),
        ("volatility", trailing_volatility(daily, days)),
    ):
        spread = np.full(count, np.nan)
        for row, day in enumerate(days):
            most, least = _thirds(values[row])
            begin = day + 1
            end = min(begin + REFRESHED_EVERY, first + count)
            if most.any() and begin >= first:
                own = row_mean(daily[begin:end, most]) - row_mean(daily[begin:end, least])
                spread[begin - first : end - first] = own
        found[name] = spread
    return found


def newey_west(design: Matrix, values: Matrix) -> tuple[Matrix, Matrix, float]:
    """Slopes (K,), their standard errors (K,), and R²."""
    slopes: Matrix = np.linalg.lstsq(design, values, rcond=None)[0].astype(np.float64)
    left = values - design @ slopes
    scores = design * left[:, None]
    lags = int(4 * (len(values) / 100) ** (2 / 9))
    spread = scores.T @ scores
    for lag in range(1, lags + 1):
        shared = scores[lag:].T @ scores[:-lag]
        spread += (1 - lag / (lags + 1)) * (shared + shared.T)
    inverse = np.linalg.inv(design.T @ design)
    errors: Matrix = np.sqrt(np.diag(inverse @ spread @ inverse))
    return slopes, errors, float(1 - left @ left / ((values - values.mean()) ** 2).sum())


def _momentum(market: Market, days: Days) -> Matrix:
    found = np.full((len(days), len(market.symbols)), np.nan)
    old = days >= MOMENTUM_BARS
    found[old] = market.close[days[old] - SKIPPED_BARS] / market.close[days[old] - MOMENTUM_BARS]
    return found


def _thirds(values: Matrix) -> tuple[np.ndarray, np.ndarray]:
    known = np.flatnonzero(np.isfinite(values))
    count = int(len(known) * SIDE)
    order = known[np.argsort(values[known], kind="stable")]
    most, least = np.zeros(len(values), bool), np.zeros(len(values), bool)
    if count:
        most[order[-count:]] = True
        least[order[:count]] = True
    return most, least

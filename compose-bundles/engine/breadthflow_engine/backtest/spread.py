"""Bid-ask spreads, estimated from daily bars: shares of the price, (D, S), NaN where unknown.

Single days are noise; average them over a month or so (see `trailing`).
"""

from __future__ import annotations

import numpy as np

from breadthflow_engine.backtest.market import Market, Matrix


def corwin_schultz(market: Market) -> Matrix:
    """Spread of each bar from its and the last bar's high and low.

    Corwin and Schultz (2012), "A Simple Way to Estimate Bid-Ask Spreads from Daily High and Low
    Prices", Journal of Finance 67(2), equations 14 and 18, with their correction for the night's
    jump; a negative estimate counts as 0, as they advise.
    """
    high, low, close = market.high, market.low, market.close
    before_high, before_low, before_close = (_before(m) for m in (high, low, close))
    # A bar that lies wholly above or below the last close is moved back by the night's jump.
    jump = np.maximum(low - before_close, 0.0) + np.minimum(high - before_close, 0.0)
    high, low = high - jump, low - jump
    with np.errstate(invalid="ignore", divide="ignore"):
        beta = np.log(high / low) ** 2 + np.log(before_high / before_low) ** 2
        gamma = np.log(np.maximum(high, before_high) / np.minimum(low, before_low)) ** 2
        root = 3.0 - 2.0 * np.sqrt(2.0)
        alpha = (np.sqrt(2.0 * beta) - np.sqrt(beta)) / root - np.sqrt(gamma / root)
        spread = 2.0 * (np.exp(alpha) - 1.0) / (1.0 + np.exp(alpha))
    return np.maximum(spread, 0.0)


def abdi_ranaldo_square(market: Market) -> Matrix:
    """Squared spread of each bar: 4 (c[t-1] - η[t-1]) (c[t-1] - η[t]).

    c is the log close, η the mean of log high and log low. Abdi and Ranaldo (2017), "A Simple
    Estimation of Bid-Ask Spreads from Daily Close, High, and Low Prices", Review of Financial
    Studies 30(12), equation 8. The spread is the root of the mean of these over a window, 0 where
    that is negative.
    """
    close = _before(np.log(market.close))
    middle = (np.log(market.high) + np.log(market.low)) / 2.0
    return 4.0 * (close - _before(middle)) * (close - middle)


def _before(values: Matrix) -> Matrix:
    moved = np.full_like(values, np.nan)
    moved[1:] = values[:-1]
    return moved

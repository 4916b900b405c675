"""What was known of each symbol at the close of a signal's day, from the bars up to it.

All functions take (D, S) matrices and R rows of signal days, and return (R, S); NaN where fewer
than half of the bars of the window are there.
"""

from __future__ import annotations

import warnings

import numpy as np

from breadthflow_engine.backtest.market import Days, Matrix

VOLATILITY_BARS = 63
VOLUME_BARS = 21
SPREAD_BARS = 21
BETA_BARS = 252


def returns(close: Matrix) -> Matrix:
    """Close-to-close returns (D, S), NaN on the first bar and where either close is missing."""
    found = np.full_like(close, np.nan)
    found[1:] = close[1:] / close[:-1] - 1.0
    return found


def trailing_mean(values: Matrix, days: Days, bars: int) -> Matrix:
    return _each_window(values, days, bars, lambda window: np.nanmean(window, axis=0))


def trailing_volatility(daily: Matrix, days: Days, bars: int = VOLATILITY_BARS) -> Matrix:
    """Standard deviation per bar of returns `daily`."""
    return _each_window(daily, days, bars, lambda window: np.nanstd(window, axis=0, ddof=1))


def trailing_beta(daily: Matrix, days: Days, bars: int = BETA_BARS) -> Matrix:
    """Slope of each symbol's returns on the mean return of all symbols, by least squares."""
    market = row_mean(daily)

    def slope(window: Matrix) -> Matrix:
        index = window[:, -1:]
        known = np.where(np.isfinite(window[:, :-1]), index, np.nan)
        apart = known - np.nanmean(known, axis=0)
        variance = np.nanmean(apart**2, axis=0)
        covariance = np.nanmean(apart * window[:, :-1], axis=0)
        return np.where(variance > 0, covariance / np.where(variance > 0, variance, 1), np.nan)

    stacked = np.column_stack([daily, market])
    return _each_window(stacked, days, bars, slope, counted=slice(None, -1))


def row_mean(values: Matrix) -> Matrix:
    """Mean over the symbols of each day (D,), NaN where there is none."""
    known = np.isfinite(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _each_window(values, days, bars, measure, counted=slice(None)) -> Matrix:
    found = []
    with warnings.catch_warnings():
        # A symbol with no bar in the window has no number, and that is what it gets below.
        warnings.simplefilter("ignore", RuntimeWarning)
        for day in days:
            window = values[max(0, day + 1 - bars) : day + 1]
            enough = np.isfinite(window[:, counted]).sum(axis=0) >= max(2, bars // 2)
            found.append(np.where(enough, measure(window), np.nan))
    width = values[:, counted].shape[1]
    return np.array(found) if found else np.zeros((0, width))

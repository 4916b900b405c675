"""Sharpe ratios, and how sure one can be of them.

Every Sharpe ratio here is per period (per day for daily returns) unless a name says annual;
mixing the two is the usual way to get these formulas wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

EULER_MASCHERONI = 0.5772156649015329

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """What the probabilistic Sharpe ratio needs to know of a return series.

    `sharpe` is per period, `skew` and `kurtosis` (not excess: 3 for a normal) are the plain
    moment estimators. `sharpe`, `skew` and `kurtosis` are None where the series does not vary.
    """

    observations: int
    mean: float
    deviation: float
    sharpe: float | None
    skew: float | None
    kurtosis: float | None


def moments(returns: ArrayLike) -> Moments:
    """Moments of a return series, shape (T,); values that are not finite are left out."""
    values = np.asarray(returns, dtype=np.float64)
    values = values[np.isfinite(values)]
    count = len(values)
    if count < 2:
        mean = float(values[0]) if count else 0.0
        return Moments(count, mean, 0.0, None, None, None)
    mean = float(values.mean())
    centred = values - mean
    deviation = float(values.std(ddof=1))
    # A constant series leaves rounding of the order of its level; that is not risk.
    if deviation <= 1e-14 * max(1.0, float(np.abs(values).max())):
        return Moments(count, mean, 0.0, None, None, None)
    variance = float(np.mean(centred**2))
    return Moments(
        observations=count,
        mean=mean,
        deviation=deviation,
        sharpe=mean / deviation,
        skew=float(np.mean(centred**3)) / variance**1.5,
        kurtosis=float(np.mean(centred**4)) / variance**2,
    )


def sharpe_ratio(returns: ArrayLike, periods_per_year: float = 1.0) -> float | None:
    """Mean over standard deviation (ddof 1) of returns (T,), times sqrt(periods_per_year).

    None when there are fewer than two returns or they do not vary.
    """
    sharpe = moments(returns).sharpe
    return None if sharpe is None else sharpe * math.sqrt(periods_per_year)


@overload
def probabilistic_sharpe(
    sharpe: float,
    observations: float,
    skew: float = 0.0,
    kurtosis: float = 3.0,
    benchmark: float = 0.0,
) -> float: ...
@overload
def probabilistic_sharpe(
    sharpe: Reals,
    observations: float | Reals,
    skew: float | Reals = 0.0,
    kurtosis: float | Reals = 3.0,
    benchmark: float | Reals = 0.0,
) -> Reals: ...
def probabilistic_sharpe(
    sharpe: float | Reals,
    observations: float | Reals,
    skew: float | Reals = 0.0,
    kurtosis: float | Reals = 3.0,
    benchmark: float | Reals = 0.0,
) -> float | Reals:
    """Probability that the true Sharpe ratio is above `benchmark`.

    Bailey and López de Prado (2012), "The Sharpe Ratio Efficient Frontier", Journal of Risk 15(2),
    equation 11: Φ((SR - SR*) sqrt(T - 1) / sqrt(1 - γ3 SR + (γ4 - 1)/4 SR²)).

    Args:
        sharpe, benchmark: per period; numbers, or arrays of several strategies at once.
        observations: number of returns T that `sharpe` was measured on.
        skew, kurtosis: of those returns; kurtosis is 3 for a normal.

    Raises:
        ValueError: fewer than two observations, or moments that no sample can have.
    """
    return _plain(_probability(sharpe, observations, skew, kurtosis, benchmark))


@overload
def minimum_track_record(
    sharpe: float,
    skew: float = 0.0,
    kurtosis: float = 3.0,
    benchmark: float = 0.0,
    confidence: float = 0.95,
) -> float | None: ...
@overload
def minimum_track_record(
    sharpe: Reals,
    skew: float | Reals = 0.0,
    kurtosis: float | Reals = 3.0,
    benchmark: float | Reals = 0.0,
    confidence: float = 0.95,
) -> Reals: ...
def minimum_track_record(
    sharpe: float | Reals,
    skew: float | Reals = 0.0,
    kurtosis: float | Reals = 3.0,
    benchmark: float | Reals = 0.0,
    confidence: float = 0.95,
) -> float | Reals | None:
    """Observations after which `sharpe` would be above `benchmark` with `confidence`.

    Bailey and López de Prado (2012), equation 13:
    1 + (1 - γ3 SR + (γ4 - 1)/4 SR²) (Φ⁻¹(confidence) / (SR - SR*))². In periods of the Sharpe
    ratios, usually not a whole number. None, and in an array NaN, where `sharpe` is not above
    `benchmark`: then no record is long enough.

    Raises:
        ValueError: a confidence outside (0.5, 1), or moments that no sample can have.
    """
    if not 0.5 < confidence < 1:
        raise ValueError(f"confidence must lie between 0.5 and 1, not at {confidence}")
    ahead = np.asarray(sharpe, dtype=np.float64) - benchmark
    ahead = np.where(ahead > 0, ahead, np.nan)
    found = 1 + _estimation_variance(sharpe, skew, kurtosis) * (ndtri(confidence) / ahead) ** 2
    if np.ndim(found):
        return found
    return None if np.isnan(found) else float(found)


@overload
def expected_maximum_sharpe(trials: float, variance: float) -> float: ...
@overload
def expected_maximum_sharpe(trials: Reals, variance: float) -> Reals: ...
def expected_maximum_sharpe(trials: float | Reals, variance: float) -> float | Reals:
    """Sharpe ratio that the best of `trials` worthless trials is expected to show.

    Bailey and López de Prado (2014), "The Deflated Sharpe Ratio", Journal of Portfolio Management
    40(5): sqrt(V) ((1 - γ) Φ⁻¹(1 - 1/N) + γ Φ⁻¹(1 - 1/(N e))), γ the Euler-Mascheroni constant.
    The formula is an asymptotic one; a single trial has an expected maximum of 0.

    Args:
        trials: number of independent trials N (may be a fraction, as an effective number is), or
            an array of such numbers.
        variance: of the Sharpe ratios across trials, per period squared.

    Raises:
        ValueError: trials below 1 or a negative variance.
    """
    count = np.asarray(trials, dtype=np.float64)
    if not (np.all(count >= 1) and variance >= 0):
        raise ValueError(f"needs one trial or more and a variance >= 0, not {trials}, {variance}")
    # A second trial stands in for the first, whose quantile is minus infinity.
    several = np.where(count > 1, count, 2.0)
    quantile = (1 - EULER_MASCHERONI) * ndtri(1 - 1 / several)
    quantile = quantile + EULER_MASCHERONI * ndtri(1 - 1 / (several * math.e))
    return _plain(np.where(count > 1, math.sqrt(variance) * np.maximum(quantile, 0.0), 0.0))


@overload
def deflated_sharpe(
    sharpe: float,
    observations: float,
    skew: float,
    kurtosis: float,
    trials: float,
    variance: float,
) -> float: ...
@overload
def deflated_sharpe(
    sharpe: float,
    observations: float,
    skew: float,
    kurtosis: float,
    trials: Reals,
    variance: float,
) -> Reals: ...
def deflated_sharpe(
    sharpe: float,
    observations: float,
    skew: float,
    kurtosis: float,
    trials: float | Reals,
    variance: float,
) -> float | Reals:
    """Probability that the true Sharpe ratio is above what the luckiest of N trials would show.

    Bailey and López de Prado (2014): the probabilistic Sharpe ratio against the expected maximum.
    Arguments as in `probabilistic_sharpe` and `expected_maximum_sharpe`.
    """
    luck = expected_maximum_sharpe(np.asarray(trials, dtype=np.float64), variance)
    return _plain(_probability(sharpe, observations, skew, kurtosis, luck))


def _probability(
    sharpe: float | Reals,
    observations: float | Reals,
    skew: float | Reals,
    kurtosis: float | Reals,
    benchmark: float | Reals,
) -> Reals:
    count = np.asarray(observations, dtype=np.float64)
    if not np.all(count >= 2):
        raise ValueError(f"a Sharpe ratio needs two observations or more, not {observations}")
    deviation = np.sqrt(_estimation_variance(sharpe, skew, kurtosis))
    return ndtr((np.asarray(sharpe) - benchmark) * np.sqrt(count - 1) / deviation)


def _estimation_variance(
    sharpe: float | Reals, skew: float | Reals, kurtosis: float | Reals
) -> Reals:
    """T - 1 times the variance of the estimated Sharpe ratio."""
    ratio = np.asarray(sharpe, dtype=np.float64)
    variance = 1 - skew * ratio + (np.asarray(kurtosis, dtype=np.float64) - 1) / 4 * ratio**2
    if not np.all(variance > 0):
        raise ValueError(
            f"skew {skew} and kurtosis {kurtosis} with Sharpe {sharpe} leave no variance"
        )
    return variance


def _plain(values: Reals) -> float | Reals:
    return float(values) if np.ndim(values) == 0 else values

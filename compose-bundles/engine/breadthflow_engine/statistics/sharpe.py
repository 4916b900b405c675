"""Sharpe ratios, and how sure one can be of them.

Every Sharpe ratio here is per period (per day for daily returns) unless a name says annual;
mixing the two is the usual way to get these formulas wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

EULER_MASCHERONI = 0.5772156649015329
_NORMAL = NormalDist()


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


def probabilistic_sharpe(
    sharpe: float,
    observations: int,
    skew: float = 0.0,
    kurtosis: float = 3.0,
    benchmark: float = 0.0,
) -> float:
    """Probability that the true Sharpe ratio is above `benchmark`.

    Bailey and López de Prado (2012), "The Sharpe Ratio Efficient Frontier", Journal of Risk 15(2),
    equation 11: Φ((SR - SR*) sqrt(T - 1) / sqrt(1 - γ3 SR + (γ4 - 1)/4 SR²)).

    Args:
        sharpe, benchmark: per period.
        observations: number of returns T that `sharpe` was measured on.
        skew, kurtosis: of those returns; kurtosis is 3 for a normal.

    Raises:
        ValueError: fewer than two observations, or moments that no sample can have.
    """
    if observations < 2:
        raise ValueError(f"a Sharpe ratio needs two observations or more, not {observations}")
    variance = 1 - skew * sharpe + (kurtosis - 1) / 4 * sharpe**2
    if not variance > 0:
        raise ValueError(
            f"skew {skew} and kurtosis {kurtosis} with Sharpe {sharpe} leave no variance"
        )
    return _NORMAL.cdf((sharpe - benchmark) * math.sqrt(observations - 1) / math.sqrt(variance))


def expected_maximum_sharpe(trials: float, variance: float) -> float:
    """Sharpe ratio that the best of `trials` worthless trials is expected to show.

    Bailey and López de Prado (2014), "The Deflated Sharpe Ratio", Journal of Portfolio Management
    40(5): sqrt(V) ((1 - γ) Φ⁻¹(1 - 1/N) + γ Φ⁻¹(1 - 1/(N e))), γ the Euler-Mascheroni constant.
    The formula is an asymptotic one; a single trial has an expected maximum of 0.

    Args:
        trials: number of independent trials N (may be a fraction, as an effective number is).
        variance: of the Sharpe ratios across trials, per period squared.

    Raises:
        ValueError: trials below 1 or a negative variance.
    """
    if not trials >= 1 or not variance >= 0:
        raise ValueError(f"needs one trial or more and a variance >= 0, not {trials}, {variance}")
    if trials == 1:
        return 0.0
    quantile = (1 - EULER_MASCHERONI) * _NORMAL.inv_cdf(1 - 1 / trials)
    quantile += EULER_MASCHERONI * _NORMAL.inv_cdf(1 - 1 / (trials * math.e))
    return math.sqrt(variance) * max(0.0, quantile)


def deflated_sharpe(
    sharpe: float,
    observations: int,
    skew: float,
    kurtosis: float,
    trials: float,
    variance: float,
) -> float:
    """Probability that the true Sharpe ratio is above what the luckiest of N trials would show.

    Bailey and López de Prado (2014): the probabilistic Sharpe ratio against the expected maximum.
    Arguments as in `probabilistic_sharpe` and `expected_maximum_sharpe`.
    """
    luck = expected_maximum_sharpe(trials, variance)
    return probabilistic_sharpe(sharpe, observations, skew, kurtosis, luck)

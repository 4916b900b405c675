"""How long a series remembers, and how much less its mean is worth for it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import solve_toeplitz

MAX_ORDER = 10
"""Of the autoregression that long memory is read from."""

Floats = NDArray[np.float64]


def optimal_block_length(values: ArrayLike) -> float:
    """Mean block length that suits the memory of `values` (T,) for the stationary bootstrap.

    Politis and White (2004), "Automatic Block-Length Selection for the Dependent Bootstrap",
    Econometric Reviews 23(1), with the correction of Patton, Politis and White (2009): flat-top
    lag window over the autocovariances up to twice the lag after which they are negligible.
    At least 1, at most ceil(min(3 sqrt(T), T/3)).
    """
    series = np.asarray(values, dtype=np.float64)
    series = series[np.isfinite(series)]
    count = len(series)
    if count < 10 or not np.any(series - series.mean()):
        return 1.0
    at_zero, slope = _flat_top(series - series.mean())
    most = math.ceil(min(3 * math.sqrt(count), count / 3))
    if at_zero <= 0:
        return float(most)
    length = (slope**2 / at_zero**2 * count) ** (1 / 3)
    return float(min(max(length, 1.0), most))


def long_run_variance(values: Floats, block: float) -> float:
    """Variance of sqrt(T) times the mean of a series (T,) that varies, erring on the large side.

    The largest of four estimates, each of which is too small for another sort of memory: that of
    the stationary bootstrap, the flat-top one (Politis and Romano 1995, "Bias-corrected
    nonparametric spectral estimation"), that of an autoregression whose order AIC picks (den Haan
    and Levin 1997, "A Practitioner's Guide to Robust Covariance Matrix Estimation"), and that of
    the slowest cosines, see `cosine_variance`.
    """
    centred = values - values.mean()
    estimates = [
        float(bootstrap_variance(values[:, None], block)[0]),
        _autoregressive(centred),
        cosine_variance(values),
    ]
    if len(values) >= 10:
        estimates.append(_flat_top(centred)[0])
    return max(estimates)


def cosine_terms(count: int) -> int:
    """Number of cosines that `cosine_variance` rests on: 0.4 T^(2/3), one at least."""
    return max(1, int(0.4 * count ** (2 / 3)))


def cosine_variance(values: Floats) -> float:
    """Variance of sqrt(T) times the mean of (T,), from its projections on the slowest cosines.

    Lazarus, Lewis, Stock and Watson (2018), "HAR Inference: Recommendations for Practice", Journal
    of Business & Economic Statistics 36(4): the mean of B squared projections on
    sqrt(2/T) cos(π j (t - 1/2) / T), j = 1 to B. Each is an estimate of its own, so that a mean
    over its error has Student's t distribution with B degrees of freedom, far in the tail too.
    """
    count = len(values)
    order = np.arange(1, min(cosine_terms(count), count - 1) + 1)
    waves = np.cos(np.pi * np.outer(order, (np.arange(count) + 0.5) / count))
    return float(np.mean((waves @ values) ** 2) * 2 / count)


def bootstrap_variance(values: Floats, block: float) -> Floats:
    """Variance of sqrt(T) times the mean of each column of (T, N) under the stationary bootstrap.

    Politis and Romano (1994), equation 6: the autocovariances weighted by
    (1 - i/T) (1 - q)^i + (i/T) (1 - q)^(T - i), with q = 1 / block.
    """
    count = len(values)
    centred = values - values.mean(axis=0)
    lags = np.arange(1, count)
    keep = 1.0 - 1.0 / block
    kernel = (1 - lags / count) * keep**lags + lags / count * keep ** (count - lags)
    # All autocovariances at once: the power spectrum of the padded series.
    size = 1 << (2 * count - 1).bit_length()
    power = np.abs(np.fft.rfft(centred, size, axis=0)) ** 2
    covariance = np.fft.irfft(power, size, axis=0)[:count] / count
    variance = covariance[0] + 2 * kernel @ covariance[1:]
    return np.maximum(variance, 1e-12 * covariance[0])


def _flat_top(centred: Floats) -> tuple[float, float]:
    """Spectrum at frequency zero, and its curvature there, under the trapezoidal lag window."""
    count = len(centred)
    run = max(5, int(math.log10(count)))
    longest = min(math.ceil(math.sqrt(count)) + run, count - 2)
    products = np.array([centred[lag:] @ centred[: count - lag] for lag in range(longest + 1)])
    covariances = products / count
    small = np.zeros(longest, dtype=bool)
    for lag in range(1, longest):
        norm = (centred[lag:] @ centred[lag:]) * (centred[:-lag] @ centred[:-lag])
        small[lag] = abs(products[lag]) < 2 * math.sqrt(math.log10(count) / count * norm)
    # Patton's programme takes the first of `run` negligible lags, the paper the one before it;
    # this is the programme's (and arch's) reading, which never gives the shorter window.
    memory = longest
    for lag in range(1, longest - run + 1):
        if small[lag : lag + run].all():
            memory = lag
            break
    window = min(2 * memory, longest)
    lags = np.arange(1, window + 1)
    weights = np.minimum(1.0, 2.0 * (1.0 - lags / window))
    weighted = weights * covariances[1 : window + 1]
    at_zero = float(covariances[0] + 2 * weighted.sum())
    return at_zero, float(2 * (lags * weighted).sum())


def _autoregressive(centred: Floats) -> float:
    """Long-run variance of the Yule-Walker autoregression of the order with the least AIC.

    The sum of its coefficients is corrected for its bias downward, (1 + 3 φ) / T (Kendall 1954).
    """
    count = len(centred)
    most = min(MAX_ORDER, count // 5)
    covariances = np.array([centred[lag:] @ centred[: count - lag] for lag in range(most + 1)])
    covariances /= count
    least, found = math.inf, float(covariances[0])
    for order in range(most + 1):
        coefficients = (
            solve_toeplitz(covariances[:order], covariances[1 : order + 1])
            if order
            else np.empty(0)
        )
        left = float(covariances[0] - coefficients @ covariances[1 : order + 1])
        if not left > 0:
            break
        information = count * math.log(left) + 2 * order
        if information < least:
            least = information
            total = float(coefficients.sum())
            total = min(total + (1 + 3 * total) / count, 0.99) if order else 0.0
            found = left * count / (count - order - 1) / (1 - total) ** 2
    return found

"""Elastic net from sufficient statistics: one pass over a fold's rows, then every trial is free.

Objective, as scikit-learn states it: |y - Zw|² / 2n + alpha l1_ratio |w|₁ +
alpha (1 - l1_ratio) |w|² / 2, by coordinate descent on the Gram matrix (Friedman, Hastie and
Tibshirani 2010, *Regularization Paths for Generalized Linear Models via Coordinate Descent*).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.models.label_transform import FitLabel
from breadthflow_engine.models.saved import LinearMember

CLIP_TAIL = 0.005
"""Share of the training values beyond the clip on either side."""

_QUANTILE_ROWS = 20_000
_CHUNK = 16_384

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LinearProblem:
    """What an elastic net needs to know of the training rows; arrays of shape [features].

    Attributes:
        gram: correlation matrix of the prepared features, shape [features, features].
        products: mean of prepared feature times standardised label, by label.
    """

    fill: Floats
    lower: Floats
    upper: Floats
    mean: Floats
    scale: Floats
    gram: Floats
    products: dict[str, Floats]
    labels: dict[str, FitLabel]

    @classmethod
    def of(cls, rows: NDArray[np.float32], labels: dict[str, FitLabel]) -> LinearProblem:
        """Learn imputation, clip and standardisation, and sum up, from training rows alone.

        Args:
            rows: shape [n, features], NaN for missing.
            labels: every label that a trial may ask for, by name; values of shape [n].
        """
        sample = rows[:: max(1, len(rows) // _QUANTILE_ROWS)]
        quantiles = [CLIP_TAIL, 0.5, 1 - CLIP_TAIL]
        lower, fill, upper = (_column_quantiles(sample, quantiles)).astype(np.float32)

        standard = np.column_stack([_standardised(label.values) for label in labels.values()])
        width = rows.shape[1]
        sums = np.zeros(width)
        squares = np.zeros((width, width))
        crossed = np.zeros((width, len(labels)))
        for start in range(0, len(rows), _CHUNK):
            chunk = rows[start : start + _CHUNK]
            x = np.where(np.isnan(chunk), fill, chunk)
            # Distances from the median, so that float32 products lose nothing to cancellation.
            x = np.minimum(np.maximum(x, lower), upper) - fill
            sums += x.sum(axis=0, dtype=np.float64)
            squares += x.T @ x
            crossed += x.T @ standard[start : start + _CHUNK].astype(np.float32)
        n = len(rows)
        mean = sums / n
        covariance = squares / n - np.outer(mean, mean)
        deviation = np.sqrt(np.maximum(np.diag(covariance), 0))
        varies = deviation > 1e-6 * np.maximum(1e-6, np.abs(upper - lower))
        scale = np.where(varies, deviation, 1.0)
        gram = np.where(np.outer(varies, varies), covariance / np.outer(scale, scale), 0.0)
        crossed = np.where(varies[:, None], crossed / n / scale[:, None], 0.0)
        return cls(
            fill=fill.astype(np.float64),
            lower=lower.astype(np.float64),
            upper=upper.astype(np.float64),
            mean=mean + fill,
            scale=scale,
            gram=gram,
            products={name: crossed[:, i] for i, name in enumerate(labels)},
            labels=labels,
        )

    def fit(self, label: str, alpha: float, l1_ratio: float) -> LinearMember:
        """Fit one elastic net; `alpha` is in units of a label of variance 1."""
        weights = coordinate_descent(self.gram, self.products[label], alpha, l1_ratio)
        fit_label = self.labels[label]
        spread = float(fit_label.values.std()) * fit_label.scale
        return LinearMember(
            fill=self.fill,
            lower=self.lower,
            upper=self.upper,
            mean=self.mean,
            scale=self.scale,
            coefficients=weights * spread,
            intercept=float(fit_label.values.mean()) * fit_label.scale + fit_label.shift,
        )


def _compiled(function: Callable[..., Floats]) -> Callable[..., Floats]:
    """Compile at import, so that a warm worker never does it inside a step.

    The machine code is cached beside the source; where nothing can be written, or the cache is
    damaged, it is compiled anew.
    """
    real, vector = numba.float64, numba.float64[::1]
    signature = vector(numba.float64[:, ::1], vector, real, real, real, numba.int64)
    try:
        return numba.njit(signature, cache=True, nogil=True)(function)
    except (RuntimeError, OSError, EOFError, ValueError):
        return numba.njit(signature, nogil=True)(function)


def coordinate_descent(
    gram: Floats,
    products: Floats,
    alpha: float,
    l1_ratio: float,
    *,
    tolerance: float = 1e-6,
    max_sweeps: int = 500,
) -> Floats:
    """Minimise w'Gw/2 - w'p + alpha l1_ratio |w|₁ + alpha (1 - l1_ratio) |w|²/2.

    Stops when no weight moves by more than `tolerance` times the largest. Shape [features].
    """
    return _descend(
        np.ascontiguousarray(gram, dtype=np.float64),
        np.array(products, dtype=np.float64),
        alpha * l1_ratio,
        alpha * (1 - l1_ratio),
        tolerance,
        max_sweeps,
    )


@_compiled
def _descend(
    gram: Floats, gradient: Floats, l1: float, l2: float, tolerance: float, max_sweeps: int
) -> Floats:
    """`gradient` is used up: it follows `products - gram @ weights`."""
    width = len(gradient)
    weights = np.zeros(width)
    for _ in range(max_sweeps):
        largest_move = 0.0
        largest = 1e-12
        for j in range(width):
            diagonal = gram[j, j]
            if diagonal <= 0:
                continue
            old = weights[j]
            pull = gradient[j] + diagonal * old
            new = np.sign(pull) * max(abs(pull) - l1, 0.0) / (diagonal + l2)
            if new != old:
                for i in range(width):
                    gradient[i] -= gram[j, i] * (new - old)
                weights[j] = new
                largest_move = max(largest_move, abs(new - old))
            largest = max(largest, abs(new))
        if largest_move <= tolerance * largest:
            break
    return weights


def _column_quantiles(sample: NDArray, quantiles: list[float]) -> Floats:
    """Quantiles of what is there in each column, shape [quantiles, features]; 0 if nothing is."""
    found = np.zeros((len(quantiles), sample.shape[1]))
    for column in range(sample.shape[1]):
        values = sample[:, column]
        values = values[~np.isnan(values)]
        if len(values):
            found[:, column] = np.quantile(values, quantiles)
    return found


def _standardised(values: Floats) -> Floats:
    spread = values.std()
    return (values - values.mean()) / spread if spread > 0 else np.zeros_like(values)

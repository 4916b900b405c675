"""Probability of backtest overfitting, by combinatorially symmetric cross-validation (CSCV).

Bailey, Borwein, López de Prado and Zhu (2017), "The Probability of Backtest Overfitting", Journal
of Computational Finance 20(4). The history is cut into blocks; every half of the blocks serves
once as the sample in which the best trial is picked, and the other half as the one in which it has
to prove itself.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

MIN_ROWS_A_BLOCK = 2
_CHUNK = 1024

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Overfitting:
    """What CSCV found; arrays have one entry a combination.

    Attributes:
        probability: PBO, the share of combinations in which the trial that is best in sample does
            not come out above the median out of sample (logit <= 0); None with a `reason`.
        loss: share of combinations in which that trial's performance out of sample is <= 0.
        logits: log(w / (1 - w)), w the relative rank out of sample of the best trial in sample.
        in_sample, out_of_sample: its performance in both halves.
        trials: columns that were compared.
        blocks: into which the history was cut.
        reason: why there is no probability.
    """

    probability: float | None
    loss: float | None
    logits: Floats
    in_sample: Floats
    out_of_sample: Floats
    trials: int
    blocks: int
    reason: str | None = None


def backtest_overfitting(
    performance: ArrayLike,
    blocks: int = 16,
    *,
    measure: Literal["sharpe", "mean"] = "sharpe",
) -> Overfitting:
    """CSCV over all halves of `blocks` blocks of consecutive rows: 12,870 of them for 16.

    Rows in which any trial has no finite value are left out, and so are trials that never vary.

    Args:
        performance: (T, N), what each trial earned in each period, in time order: returns, rank
            ICs or lifts over a baseline.
        blocks: an even number; their lengths differ by one row at most.
        measure: by which trials are compared, per period.

    Raises:
        ValueError: `blocks` is odd or below 2, or `performance` is not a matrix.
    """
    table = np.asarray(performance, dtype=np.float64)
    if table.ndim != 2 or blocks < 2 or blocks % 2:
        raise ValueError(f"needs a matrix and an even number of blocks, not {blocks}")
    table = table[np.isfinite(table).all(axis=1)]
    if len(table):
        table = table[:, np.ptp(table, axis=0) > 0]
    rows, trials = table.shape
    if trials < 2:
        return _absent(f"{trials} trials with results that vary; comparing takes 2", trials, blocks)
    if rows < blocks * MIN_ROWS_A_BLOCK:
        return _absent(
            f"{rows} periods, too few for {blocks} blocks of {MIN_ROWS_A_BLOCK}", trials, blocks
        )

    starts = np.linspace(0, rows, blocks + 1).astype(np.intp)[:-1]
    sizes = np.diff(np.append(starts, rows)).astype(np.float64)
    # Centred, so that the variances below lose nothing to cancellation.
    level = table.mean(axis=0)
    centred = table - level
    sums = np.add.reduceat(centred, starts, axis=0)
    squares = np.add.reduceat(centred**2, starts, axis=0)

    chosen = _halves(blocks)
    logits, inside, outside = (np.empty(len(chosen)) for _ in range(3))
    for first in range(0, len(chosen), _CHUNK):
        part = slice(first, first + _CHUNK)
        half = chosen[part]
        ours = _measured(half, sums, squares, sizes, level, measure)
        theirs = _measured(1 - half, sums, squares, sizes, level, measure)
        best = ours.argmax(axis=1)
        place = np.arange(len(half))
        proof = theirs[place, best][:, None]
        # Average ranks where trials tie, from 1 for the worst to N.
        rank = (theirs < proof).sum(axis=1) + ((theirs == proof).sum(axis=1) + 1) / 2
        share = rank / (trials + 1)
        logits[part] = np.log(share / (1 - share))
        inside[part], outside[part] = ours[place, best], proof[:, 0]
    return Overfitting(
        probability=float(np.mean(logits <= 0)),
        loss=float(np.mean(outside <= 0)),
        logits=logits,
        in_sample=inside,
        out_of_sample=outside,
        trials=trials,
        blocks=blocks,
    )


def _halves(blocks: int) -> Floats:
    """Every choice of half of the blocks, as rows of zeros and ones."""
    picks = np.array(list(itertools.combinations(range(blocks), blocks // 2)))
    chosen = np.zeros((len(picks), blocks))
    np.put_along_axis(chosen, picks, 1.0, axis=1)
    return chosen


def _measured(
    half: Floats, sums: Floats, squares: Floats, sizes: Floats, level: Floats, measure: str
) -> Floats:
    """Performance (combinations, trials) over the chosen blocks."""
    count = (half @ sizes)[:, None]
    shift = half @ sums / count
    mean = shift + level
    if measure == "mean":
        return mean
    variance = np.maximum(half @ squares / count - shift**2, 0) * count / (count - 1)
    deviation = np.sqrt(variance)
    # A trial that stood still for the whole half risked nothing and is given a ratio of 0.
    still = deviation <= 1e-12 * (np.abs(mean) + np.sqrt(squares.sum(axis=0) / sizes.sum()))
    return np.divide(mean, deviation, out=np.zeros_like(mean), where=~still)


def _absent(reason: str, trials: int, blocks: int) -> Overfitting:
    none = np.empty(0)
    return Overfitting(None, None, none, none, none, trials, blocks, reason)

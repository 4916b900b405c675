"""p-values of several tests, so adjusted that together they err as seldom as one alone."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Method = Literal["bonferroni", "sidak", "holm", "benjamini_hochberg", "benjamini_yekutieli"]


def adjusted_p_values(p_values: ArrayLike, method: Method) -> NDArray[np.float64]:
    """Adjusted p-values, shape (tests,); reject where they are at most the level asked for.

    `bonferroni` (Dunn 1961), `sidak` (1967, for independent tests) and `holm` (1979) hold the
    chance of even one false rejection; `benjamini_hochberg` (1995, for independent or positively
    dependent tests) and `benjamini_yekutieli` (2001, for any) hold the share of false ones among
    the rejections.

    Args:
        p_values: shape (tests,); NaN marks a test that could not be made: it stays NaN and does
            not count as a test.

    Raises:
        ValueError: a p-value outside [0, 1], or more than one dimension.
    """
    given = np.asarray(p_values, dtype=np.float64)
    made = ~np.isnan(given)
    p = given[made]
    if given.ndim != 1 or np.any((p < 0) | (p > 1)):
        raise ValueError("p-values are numbers from 0 to 1 in one dimension")
    count = len(p)
    adjusted = np.full(given.shape, np.nan)
    if not count:
        return adjusted
    if method == "bonferroni":
        found = p * count
    elif method == "sidak":
        found = -np.expm1(count * np.log1p(-np.minimum(p, 1 - 1e-16)))
    else:
        order = np.argsort(p, kind="stable")
        ranks = np.arange(1, count + 1)
        if method == "holm":
            stepped = np.maximum.accumulate(p[order] * (count - ranks + 1))
        else:
            dependence = np.sum(1 / ranks) if method == "benjamini_yekutieli" else 1.0
            scaled = p[order] * count / ranks * dependence
            stepped = np.minimum.accumulate(scaled[::-1])[::-1]
        found = np.empty(count)
        found[order] = stepped
    adjusted[made] = np.minimum(found, 1.0)
    return adjusted

"""Features made of the label."""

from __future__ import annotations

import numpy as np
import polars as pl
from world import KEY, LABEL, RETURN, VOLATILITY, honest, with_feature

from breadthflow_engine.leaks.subject import Subject
from planted.leak import Planted


def of_label(value: pl.Expr, kind: str = RETURN) -> Subject:
    """A feature made of the labels."""
    subject = honest(kind)
    assert subject.labels is not None
    return with_feature(
        subject, subject.labels.sort(KEY).select(*KEY, value.over("symbol").alias("alien"))
    )


def noisy_label(kind: str, noise: float) -> Subject:
    subject = honest(kind)
    assert subject.labels is not None
    deviations = pl.Series(np.random.default_rng(5).normal(0, noise, subject.labels.height))
    scale = pl.col("label").std()
    return with_feature(
        subject,
        subject.labels.select(*KEY, (LABEL / scale + deviations).alias("alien")),
    )


IN_LABELS = (
    Planted(
        "the label under another name",
        "exp(label), a monotone function",
        "target_function",
        lambda: of_label(LABEL.exp()),
        frozenset({"implausible_ic"}),
    ),
    Planted(
        "the label folded",
        "the label's distance from its mean, which has no rank IC at all",
        "target_function",
        lambda: of_label((LABEL - LABEL.mean()).abs()),
    ),
    Planted(
        "yesterday's label of a week",
        "four of its five days are still to come",
        "target_function",
        lambda: of_label(LABEL.shift(1)),
        frozenset({"implausible_ic"}),
    ),
    Planted(
        "the label behind some noise",
        "return and noise in equal parts: no signal has such an IC",
        "implausible_ic",
        lambda: noisy_label(RETURN, 1.0),
    ),
    Planted(
        "next week's volatility behind some noise",
        "better than volatility remembers itself, and blind to the past",
        "implausible_ic",
        lambda: noisy_label(VOLATILITY, 0.6),
        frozenset({"target_function"}),
    ),
)

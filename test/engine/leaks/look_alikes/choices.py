"""Configurations and weights chosen by the past."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from planted.choices import picked
from world import HORIZON, honest

from breadthflow_engine.leaks.subject import Choices, Subject
from look_alikes.look_alike import LookAlike


def really_best() -> Subject:
    """One configuration is the best of every window, so choosing by the past picks it."""
    scores = np.random.default_rng(18).normal(0.05, 0.01, (24, 6))
    scores[7] += 0.1
    return replace(honest(), choices=Choices(scores, (7,) * 6))


def blended() -> Subject:
    """The heaviest of a blend is often not the best of the past, and seldom that of the test."""
    rng = np.random.default_rng(19)
    scores = rng.normal(0.05, 0.01, (24, 6))
    second = [int(np.argsort(scores[:, : max(1, k)].mean(axis=1))[-2]) for k in range(6)]
    second[0] = 0
    return replace(honest(), choices=Choices(scores, tuple(second)))


IN_CHOICES = (
    LookAlike(
        "the best of every window",
        "it was the best of the past, too",
        really_best,
    ),
    LookAlike(
        "the second best of the past",
        "not chosen by the past alone, but not by the test either",
        blended,
    ),
    LookAlike(
        "weights learnt up to the last label that is over",
        "it ends on the day before the test",
        lambda: picked(-HORIZON),
    ),
)

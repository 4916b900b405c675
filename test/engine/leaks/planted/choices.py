"""Configurations and weights chosen by their own test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from world import HORIZON, honest, sessions

from breadthflow_engine.leaks.subject import Choices, Pick, Subject
from planted.leak import Planted


def chosen_by_test() -> Subject:
    scores = np.random.default_rng(8).normal(0.05, 0.01, (24, 4))
    best = tuple(int(np.argmax(scores[:, fold])) for fold in range(4))
    return replace(honest(), choices=Choices(scores, best))


def picked(days_into_test: int, chosen: float = 1.0) -> Subject:
    """Every fold's weight was chosen by the 60 days that end so many days into its test; `again`
    it comes out as 1."""
    subject = honest()
    days = pl.Series("date", sessions())
    found = []
    for fold in subject.folds:
        until = days.index_of(fold.test["date"].min()) + days_into_test
        picked = days[until - 60 : until]
        found.append(Pick(fold.index, picked, np.array([chosen]), lambda: np.ones(1)))
    return replace(subject, picks=tuple(found))


IN_CHOICES = (
    Planted(
        "configuration chosen on its test",
        "each fold is predicted by whatever scores best there",
        "chosen_on_test",
        chosen_by_test,
    ),
    Planted(
        "weights learnt from one day too many",
        "the last label that they were chosen by ends on the first test day",
        "chosen_on_test",
        lambda: picked(1 - HORIZON),
    ),
    Planted(
        "weights from elsewhere",
        "the days that they were chosen by lead to other ones",
        "chosen_on_test",
        lambda: picked(-HORIZON, 0.5),
    ),
)

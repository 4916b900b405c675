"""Preparation that was fitted inside the fold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
from planted.fits import medians
from world import LABEL, fitted, honest, rows_of

from breadthflow_engine.leaks.subject import Subject
from look_alikes.look_alike import LookAlike


def fitted_inside(name: str, fit: Callable[[pl.DataFrame], np.ndarray]) -> Subject:
    subject = honest()
    return replace(
        subject,
        fitted=tuple(
            fitted(name, fold.index, fit, subject, rows_of(subject, fold)) for fold in subject.folds
        ),
    )


def smoothed_mean_by_symbol(rows: pl.DataFrame) -> np.ndarray:
    """A target encoding drawn towards the mean of all."""
    return (
        rows.group_by("symbol")
        .agg((LABEL.sum() + 20 * rows["label"].mean()) / (pl.len() + 20))
        .sort("symbol")["label"]
        .to_numpy()
    )


IN_FITS = (
    LookAlike(
        "imputer of the fold",
        "medians of the training rows alone",
        lambda: fitted_inside("imputer", medians),
    ),
    LookAlike(
        "target encoding of the fold",
        "mean labels of the training rows alone, shrunk",
        lambda: fitted_inside("encoding", smoothed_mean_by_symbol),
    ),
)

"""Preparation that was fitted outside the fold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
from world import LABEL, SPECS, all_rows, fitted, honest, moments

from breadthflow_engine.leaks.subject import Subject
from planted.leak import Planted


def fitted_on_all(name: str, fit: Callable[[pl.DataFrame], np.ndarray]) -> Subject:
    subject = honest()
    seen = all_rows(subject)
    return replace(
        subject,
        fitted=tuple(fitted(name, fold.index, fit, subject, seen) for fold in subject.folds),
    )


def medians(rows: pl.DataFrame) -> np.ndarray:
    return rows.select(pl.col(spec.name).fill_nan(None).median() for spec in SPECS).to_numpy()


def selection_scores(rows: pl.DataFrame) -> np.ndarray:
    return rows.select(pl.corr(spec.name, "label", method="spearman") for spec in SPECS).to_numpy()


def mean_label_by_symbol(rows: pl.DataFrame) -> np.ndarray:
    return rows.group_by("symbol").agg(LABEL.mean()).sort("symbol")["label"].to_numpy()


IN_FITS = (
    Planted(
        "scaler of all rows",
        "mean and deviation of the test window are in it",
        "fold_fit",
        lambda: fitted_on_all("scaler", moments),
    ),
    Planted(
        "imputer of all rows",
        "medians of the test window are in it",
        "fold_fit",
        lambda: fitted_on_all("imputer", medians),
    ),
    Planted(
        "selection on all rows",
        "features were scored with the labels of the test window",
        "fold_fit",
        lambda: fitted_on_all("selection", selection_scores),
    ),
    Planted(
        "target encoding on all rows",
        "a symbol stands for its mean label, the test window's included",
        "fold_fit",
        lambda: fitted_on_all("encoding", mean_label_by_symbol),
    ),
)

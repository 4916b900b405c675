"""Purged and embargoed walk-forward: train on the past, leave a gap, test on what follows.

Lopez de Prado, *Advances in Financial Machine Learning* (2018), chapter 7. Training never follows
a test window here, so the embargo widens the gap in front of the window instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import polars as pl

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.validation.settings import Validation

MIN_TRAIN_DAYS = 20
MIN_TEST_DAYS = 5


@dataclass(frozen=True)
class Fold:
    """One test window and what may be trained on before it. All dates are inclusive.

        train_start .. train_end | purge .. purge_end | embargo | test_start .. test_end

    Attributes:
        index: 0 for the earliest fold.
        train_end: last day that may be trained on.
        purge_end: last day that a training label may reach.
        purge_days: days between `train_end` and `purge_end`, as many as the horizon has bars.
        embargo_days: days between `purge_end` and `test_start`.
    """

    index: int
    train_start: dt.date
    train_end: dt.date
    purge_end: dt.date
    test_start: dt.date
    test_end: dt.date
    purge_days: int
    embargo_days: int

    def train_rows(self) -> pl.Expr:
        """True for rows (of `date`, `label_end`) that may be trained on.

        The purge goes by each label's real end, which lies further away than the horizon where a
        symbol has a gap.
        """
        return pl.col("date").is_between(self.train_start, self.train_end) & (
            pl.col("label_end") <= self.purge_end
        )

    def test_rows(self) -> pl.Expr:
        """True for rows (of `date`) of the test window."""
        return pl.col("date").is_between(self.test_start, self.test_end)


def walk_forward(
    dates: pl.Series | Iterable[dt.date],
    validation: Validation | Mapping[str, Any],
    horizon: int,
) -> list[Fold]:
    """Cut the days into folds, earliest first.

    The days after the first `first_train_fraction` are split into `folds` windows of equal length
    (they differ by one day at most).

    Args:
        dates: the days that have labels, in any order, repeated or not: `labels["date"]`.
        validation: scheme, folds, first_train_fraction, embargo.
        horizon: bars that a label reaches ahead.

    Raises:
        StepError: `validation.too_few_days` if a test window would have fewer than 5 days or the
            first training window fewer than 20.
    """
    cut = (
        validation if isinstance(validation, Validation) else Validation.model_validate(validation)
    )
    days = pl.Series("date", dates).unique().sort().to_list()
    first_test = round(len(days) * cut.first_train_fraction)
    window = first_test - cut.embargo - horizon
    if window < MIN_TRAIN_DAYS or len(days) - first_test < cut.folds * MIN_TEST_DAYS:
        raise _too_few_days(len(days), first_test, window, cut, horizon)

    bounds = [first_test + (len(days) - first_test) * i // cut.folds for i in range(cut.folds + 1)]
    folds = []
    for index, (start, stop) in enumerate(pairwise(bounds)):
        purge_end = start - 1 - cut.embargo
        train_end = purge_end - horizon
        train_start = train_end + 1 - window if cut.scheme == "rolling" else 0
        folds.append(
            Fold(
                index=index,
                train_start=days[train_start],
                train_end=days[train_end],
                purge_end=days[purge_end],
                test_start=days[start],
                test_end=days[stop - 1],
                purge_days=horizon,
                embargo_days=cut.embargo,
            )
        )
    return folds


def _too_few_days(
    days: int, first_test: int, window: int, cut: Validation, horizon: int
) -> StepError:
    if window < MIN_TRAIN_DAYS:
        detail = (
            f"Of {days} labelled days the first fold would train on {max(window, 0)}, after a "
            f"purge of {horizon} and an embargo of {cut.embargo}; it needs {MIN_TRAIN_DAYS}."
        )
    else:
        detail = (
            f"Of {days} labelled days {days - first_test} are left to test on, too few for "
            f"{cut.folds} folds of at least {MIN_TEST_DAYS}."
        )
    return StepError(
        "validation.too_few_days",
        detail,
        "Use a longer history, fewer validation.folds, a shorter target.horizon or another "
        "validation.first_train_fraction.",
        field="validation",
        days=days,
    )

"""Combinatorial purged cross-validation: many histories out of one.

Lopez de Prado, *Advances in Financial Machine Learning* (2018), chapter 12. The days are cut into
groups; every choice of some of them is tested once, by a model trained on the others. Each group is
so predicted several times, by models that never saw it, and the predictions recombine into paths
through the whole history.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from breadthflow_engine.protocol.errors import StepError

MIN_GROUP_DAYS = 5
MAX_SPLITS = 1000

Days = NDArray[np.datetime64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Window:
    """One tested group of days.

    Attributes:
        group: its number, from 0.
        start, end: its first and last day.
        clear: the last day before training may go on: `embargo` days after the last label of the
            group has ended.
    """

    group: int
    start: np.datetime64
    end: np.datetime64
    clear: np.datetime64


@dataclass(frozen=True)
class Split:
    """One choice of tested groups."""

    index: int
    windows: tuple[Window, ...]

    def train_rows(self, date: ArrayLike, label_end: ArrayLike) -> Mask:
        """Rows that may be trained on: no label of theirs reaches into a tested group, and none
        starts before the labels of one have ended and the embargo is over."""
        day, reach = np.asarray(date), np.asarray(label_end)
        allowed = np.ones(day.shape, dtype=np.bool_)
        for window in self.windows:
            allowed &= (reach < window.start) | (day > window.clear)
        return allowed


@dataclass(frozen=True)
class Combinations:
    """All splits of a history, and the paths through it.

    Attributes:
        groups: windows of all groups, earliest first.
        splits: one for each choice of tested groups, in lexicographic order.
        paths: (paths, groups), the split that predicts a group on a path.
    """

    groups: tuple[Window, ...]
    splits: tuple[Split, ...]
    paths: NDArray[np.intp]


def combinatorial_purged(
    date: ArrayLike, label_end: ArrayLike, *, groups: int, test_groups: int, embargo: int
) -> Combinations:
    """Cut the days of some labels into groups that differ by one day at most, and combine them.

    Args:
        date, label_end: of every label, in any order: all rows of a day share its group, so that no
            day is both trained on and tested.
        groups, test_groups: N and k; there are C(N, k) splits and C(N - 1, k - 1) paths.
        embargo: days left out after the last label of a tested group.

    Raises:
        StepError: `validation.no_such_combination` unless 1 <= k < N with at most 1,000 splits,
            `validation.too_few_days` if a group would have fewer than 5 days.
    """
    if not 1 <= test_groups < groups or math.comb(groups, test_groups) > MAX_SPLITS:
        raise StepError(
            "validation.no_such_combination",
            f"{test_groups} of {groups} groups cannot be tested at a time: it takes at least one, "
            f"fewer than all, and no more than {MAX_SPLITS} combinations.",
            "Set validation.groups and validation.test_groups to 10 and 3, or smaller.",
            field="validation.test_groups",
        )
    day = np.asarray(date, dtype="datetime64[us]")
    reach = np.asarray(label_end, dtype="datetime64[us]")
    days, place = np.unique(day, return_inverse=True)
    if len(days) < groups * MIN_GROUP_DAYS:
        raise StepError(
            "validation.too_few_days",
            f"{len(days)} labelled days are too few for {groups} groups of {MIN_GROUP_DAYS}.",
            "Use a longer history or fewer validation.groups.",
            field="validation.groups",
            days=len(days),
        )
    last_end = np.full(len(days), days[0])
    np.maximum.at(last_end, place, reach)
    bounds = np.linspace(0, len(days), groups + 1).astype(np.intp)
    windows = tuple(
        _window(group, days, last_end, int(first), int(stop), embargo)
        for group, (first, stop) in enumerate(itertools.pairwise(bounds))
    )
    splits = tuple(
        Split(index, tuple(windows[group] for group in chosen))
        for index, chosen in enumerate(itertools.combinations(range(groups), test_groups))
    )
    # The p-th split that tests a group, in their order, predicts it on path p.
    paths = np.array(
        [
            [split.index for split in splits if group in (w.group for w in split.windows)]
            for group in range(groups)
        ]
    ).T
    return Combinations(windows, splits, paths)


def _window(group: int, days: Days, last_end: Days, first: int, stop: int, embargo: int) -> Window:
    reached = int(np.searchsorted(days, last_end[first:stop].max(), side="right")) - 1
    clear = max(reached, stop - 1) + embargo
    return Window(group, days[first], days[stop - 1], days[min(clear, len(days) - 1)])

"""Combinations against skfolio where the semantics coincide, and by brute force where not."""

from __future__ import annotations

import datetime as dt
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skfolio.model_selection import CombinatorialPurgedCV, WalkForward

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.validation import Validation, combinatorial_purged, walk_forward

FIRST = np.datetime64("2015-01-01", "D")


@pytest.mark.parametrize(
    ("groups", "test_groups", "horizon", "embargo"),
    [(10, 3, 5, 0), (6, 2, 1, 4), (5, 4, 3, 2), (4, 2, 7, 9)],
)
def test_splits_and_paths_are_those_of_skfolio(groups, test_groups, horizon, embargo):
    """One row a day, labels of one length, groups of equal size. skfolio's purge counts rows, so
    its purge after a test group is the reach of the group's last label."""
    count = groups * 30
    place = np.arange(count)
    made = combinatorial_purged(
        FIRST + place,
        FIRST + place + horizon,
        groups=groups,
        test_groups=test_groups,
        embargo=embargo,
    )
    oracle = CombinatorialPurgedCV(groups, test_groups, purged_size=horizon, embargo_size=embargo)
    splits = list(oracle.split(np.zeros((count, 1))))
    assert len(made.splits) == len(splits) == comb(groups, test_groups)
    for ours, (train, tests) in zip(made.splits, splits, strict=True):
        allowed = ours.train_rows(FIRST + place, FIRST + place + horizon)
        np.testing.assert_array_equal(np.flatnonzero(allowed), train)
        for window, test in zip(ours.windows, tests, strict=True):
            assert (window.start, window.end) == (FIRST + test[0], FIRST + test[-1])
    np.testing.assert_array_equal(made.paths, oracle.recombined_paths.T)


@pytest.mark.parametrize("scheme", ["expanding", "rolling"])
@pytest.mark.parametrize(("horizon", "embargo"), [(1, 0), (5, 5), (10, 3)])
def test_walk_forward_folds_are_those_of_skfolio(scheme, horizon, embargo):
    """Where the test windows are of equal length; skfolio's one purge is our purge and embargo."""
    count, folds = 300, 6
    days = [dt.date(2015, 1, 1) + dt.timedelta(days=day) for day in range(count)]
    cut = Validation(scheme=scheme, folds=folds, first_train_fraction=0.4, embargo=embargo)
    gap = horizon + embargo
    oracle = WalkForward(
        test_size=count * 6 // 10 // folds,
        train_size=count * 4 // 10 - gap,
        purged_size=gap,
        expand_train=scheme == "expanding",
    )
    made = walk_forward(days, cut, horizon)
    for fold, (train, test) in zip(made, oracle.split(np.zeros((count, 1))), strict=True):
        assert (fold.train_start, fold.train_end) == (days[train[0]], days[train[-1]])
        assert (fold.test_start, fold.test_end) == (days[test[0]], days[test[-1]])


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(60, 200),
    groups=st.integers(3, 8),
    test_groups=st.integers(1, 7),
    embargo=st.integers(0, 15),
    seed=st.integers(0, 2**32 - 1),
)
def test_no_training_label_overlaps_a_tested_one(count, groups, test_groups, embargo, seed):
    """Several rows a day, labels of any length: as symbols with gaps have them."""
    rng = np.random.default_rng(seed)
    place = np.sort(rng.integers(0, count, size=3 * count))
    reach = place + rng.integers(1, 12, size=len(place))
    date, label_end = FIRST + place, FIRST + reach
    if test_groups >= groups:
        with pytest.raises(StepError, match="cannot be tested"):
            combinatorial_purged(
                date, label_end, groups=groups, test_groups=test_groups, embargo=embargo
            )
        return
    made = combinatorial_purged(
        date, label_end, groups=groups, test_groups=test_groups, embargo=embargo
    )
    days = np.unique(date)
    tested = np.zeros(len(days), dtype=int)
    for split in made.splits:
        train = split.train_rows(date, label_end)
        for window in split.windows:
            test = (date >= window.start) & (date <= window.end)
            tested += (days >= window.start) & (days <= window.end)
            assert not (train & test).any()
            before = train & (date < window.start)
            after = train & (date > window.end)
            # A label is made from what happens after its day, up to its end.
            assert (label_end[before] < window.start).all()
            assert (date[after] > label_end[test].max()).all()
            gap = np.searchsorted(days, date[after]) - np.searchsorted(
                days, min(label_end[test].max(), days[-1]), side="right"
            )
            assert (gap >= embargo).all()
    assert (tested == comb(groups - 1, test_groups - 1)).all()


@pytest.mark.parametrize(("groups", "test_groups"), [(10, 3), (6, 1), (5, 4)])
def test_every_path_crosses_every_group_once_by_models_that_never_saw_it(groups, test_groups):
    place = np.arange(groups * 10)
    made = combinatorial_purged(
        FIRST + place, FIRST + place + 1, groups=groups, test_groups=test_groups, embargo=1
    )
    assert made.paths.shape == (comb(groups - 1, test_groups - 1), groups)
    used = set()
    for path in made.paths.tolist():
        for group, split in enumerate(path):
            assert group in {window.group for window in made.splits[split].windows}
            used.add((group, split))
    assert len(used) == made.paths.size, "each prediction is on exactly one path"


def test_too_few_days_says_what_to_change():
    place = np.arange(49)
    with pytest.raises(StepError, match="too few for 10 groups") as caught:
        combinatorial_purged(FIRST + place, FIRST + place, groups=10, test_groups=3, embargo=0)
    assert caught.value.code == "validation.too_few_days"


@pytest.mark.parametrize(("groups", "test_groups"), [(10, 10), (10, 0), (20, 10)])
def test_a_choice_that_cannot_be_made_is_refused(groups, test_groups):
    place = np.arange(400)
    with pytest.raises(StepError) as caught:
        combinatorial_purged(
            FIRST + place, FIRST + place, groups=groups, test_groups=test_groups, embargo=0
        )
    assert caught.value.code == "validation.no_such_combination"

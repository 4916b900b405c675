"""No training label may touch what comes after the purge: brute force over random shapes."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.validation import Validation, make_labels, walk_forward


def days(count: int) -> list[dt.date]:
    return [dt.date(2015, 1, 1) + dt.timedelta(days=i) for i in range(count)]


def gappy_bars(count: int) -> pl.LazyFrame:
    """Two symbols; the second trades only every third day, so its labels reach three times far."""
    rows = [("A", day, 100.0 + i % 7) for i, day in enumerate(days(count))]
    rows += [("B", day, 50.0 + i % 5) for i, day in enumerate(days(count)) if i % 3 == 0]
    return pl.DataFrame(rows, schema=["symbol", "date", "close"], orient="row").lazy()


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(80, 400),
    folds=st.integers(2, 8),
    fraction=st.floats(0.2, 0.8),
    embargo=st.integers(0, 20),
    horizon=st.integers(1, 21),
    scheme=st.sampled_from(["expanding", "rolling"]),
)
def test_no_training_label_overlaps_the_test_window(
    count, folds, fraction, embargo, horizon, scheme
):
    labels = make_labels(gappy_bars(count), {"kind": "forward_return", "horizon": horizon})
    cut = Validation(scheme=scheme, folds=folds, first_train_fraction=fraction, embargo=embargo)
    try:
        made = walk_forward(labels["date"], cut, horizon)
    except StepError as error:
        assert error.code == "validation.too_few_days"  # noqa: PT017 - both ends are legal here
        return
    all_days = labels["date"].unique().sort().to_list()
    tested = []
    for fold in made:
        train = labels.filter(fold.train_rows())
        test = labels.filter(fold.test_rows())
        assert train.height
        assert test.height
        for row in train.iter_rows(named=True):
            assert row["date"] < row["label_end"] < fold.test_start
            gap = all_days.index(fold.test_start) - all_days.index(row["label_end"]) - 1
            assert gap >= embargo
        tested += test["date"].unique().sort().to_list()
    assert tested == all_days[all_days.index(made[0].test_start) :]


def test_rolling_keeps_the_window_of_the_first_fold():
    made = walk_forward(days(300), Validation(scheme="rolling", folds=5), 5)
    lengths = {(fold.train_end - fold.train_start).days for fold in made}
    assert lengths == {300 * 0.4 - 5 - 5 - 1}
    assert made[1].train_start > made[0].train_start


def test_expanding_starts_every_fold_at_the_first_day():
    made = walk_forward(days(300), Validation(folds=5), 5)
    assert {fold.train_start for fold in made} == {days(1)[0]}
    assert [fold.index for fold in made] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("count", "cut", "horizon", "says"),
    [
        (1, {}, 5, "first fold would train on 0"),
        (60, {}, 5, "first fold would train on 14"),
        (100, {"folds": 20}, 1, "too few for 20 folds"),
        (300, {}, 200, "after a purge of 200"),
    ],
)
def test_too_few_days_says_what_to_change(count, cut, horizon, says):
    with pytest.raises(StepError, match=says) as caught:
        walk_forward(days(count), cut, horizon)
    assert caught.value.code == "validation.too_few_days"
    assert "validation.folds" in caught.value.hint

"""Symbols held out: by brute force over random panels, and against scikit-learn."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sklearn.model_selection import GroupKFold, LeaveOneGroupOut

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.validation import (
    Cell,
    Part,
    Validation,
    cells_of,
    held_out_parts,
    make_labels,
    walk_forward,
)

HORIZON = 5


def bars(symbols: int, days: int, seed: int) -> pl.DataFrame:
    """Symbols that come and go, miss days, and stand in no order."""
    rng = np.random.default_rng(seed)
    rows = []
    for symbol in range(symbols):
        first = int(rng.integers(0, days // 5)) if symbol % 3 == 2 else 0
        every = 3 if symbol % 7 == 6 else 1
        rows += [
            (f"S{symbol:02}", dt.date(2015, 1, 1) + dt.timedelta(days=day), 100.0 + day % 7)
            for day in range(first, days, every)
        ]
    table = pl.DataFrame(rows, schema=["symbol", "date", "close"], orient="row")
    return table.sample(fraction=1, shuffle=True, seed=seed)


def sectors(symbols: int, count: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "symbol": [f"S{symbol:02}" for symbol in range(symbols)],
            "sector": [f"sector {symbol % count}" for symbol in range(symbols)],
        }
    )


def labels_of(symbols: int = 24, days: int = 200, seed: int = 0) -> pl.DataFrame:
    target = {"kind": "forward_return", "horizon": HORIZON}
    return make_labels(bars(symbols, days, seed).lazy(), target)


def dealt(labels: pl.DataFrame, seed: int = 7, attributes=None, **asked) -> list[Part]:
    cut = Validation(**{"hold_out": "symbol", **asked})
    folds = walk_forward(labels["date"], cut, HORIZON)
    return held_out_parts(labels, folds, cut, attributes, seed)


@settings(max_examples=40, deadline=None)
@given(
    symbols=st.integers(15, 40),
    days=st.integers(120, 260),
    folds=st.integers(2, 5),
    embargo=st.integers(0, 8),
    parts=st.integers(2, 5),
    scheme=st.sampled_from(["expanding", "rolling"]),
    hold_out=st.sampled_from(["symbol", "sector"]),
    seed=st.integers(0, 2**31 - 1),
)
def test_no_group_that_is_tested_is_trained_on_and_no_label_overlaps(
    symbols, days, folds, embargo, parts, scheme, hold_out, seed
):
    labels = labels_of(symbols, days, seed)
    cut = Validation(
        scheme=scheme, folds=folds, embargo=embargo, hold_out=hold_out, hold_out_parts=parts
    )
    attributes = sectors(symbols, 6)
    sector = dict(attributes.iter_rows())
    made = walk_forward(labels["date"], cut, HORIZON)
    try:
        of = held_out_parts(labels, made, cut, attributes, seed)
    except StepError as error:
        assert error.code == "validation.too_little_outside"  # noqa: PT017 - legal where one part has it nearly all
        return
    every_day = labels["date"].unique().sort().to_list()
    for fold in made:
        tested = []
        for cell in cells_of(fold, of):
            train, test = labels.filter(cell.train_rows()), labels.filter(cell.test_rows())
            own = {(s if hold_out == "symbol" else sector[s]) for s in test["symbol"]}
            for row in train.iter_rows(named=True):
                group = row["symbol"] if hold_out == "symbol" else sector[row["symbol"]]
                assert group not in own
                assert row["label_end"] < fold.test_start
                gap = every_day.index(fold.test_start) - every_day.index(row["label_end"]) - 1
                assert gap >= embargo
            # All that the fold may train on of the others is there.
            allowed = labels.filter(fold.train_rows() & ~pl.col("symbol").is_in(cell.part.symbols))
            assert train.equals(allowed)
            tested.append(test)
        whole = labels.filter(fold.test_rows())
        assert pl.concat(tested).sort("symbol", "date").equals(whole.sort("symbol", "date"))


@pytest.mark.parametrize("hold_out", ["symbol", "sector"])
def test_along_groups_it_is_what_scikit_learn_does(hold_out):
    """With the parts as its groups, `LeaveOneGroupOut` splits the same rows the same way; and as in
    `GroupKFold`, each group is in exactly one part and none is empty."""
    labels = labels_of()
    of = dealt(labels, attributes=sectors(24, 6), hold_out=hold_out)
    groups = [group for part in of for group in part.groups]
    assert len(groups) == len(set(groups)) == (24 if hold_out == "symbol" else 6)
    assert all(part.groups for part in of)
    by_symbol = {symbol: part.index for part in of for symbol in part.symbols}
    place = np.array([by_symbol[symbol] for symbol in labels["symbol"]])
    fold = walk_forward(labels["date"], Validation(), HORIZON)[2]
    past = labels.select(fold.train_rows()).to_series().to_numpy()
    window = labels.select(fold.test_rows()).to_series().to_numpy()
    oracle = LeaveOneGroupOut().split(place, groups=place)
    for cell, (train, test) in zip(cells_of(fold, of), oracle, strict=True):
        ours = labels.select(cell.train_rows()).to_series().to_numpy()
        np.testing.assert_array_equal(np.flatnonzero(ours), train[past[train]])
        ours = labels.select(cell.test_rows()).to_series().to_numpy()
        np.testing.assert_array_equal(np.flatnonzero(ours), test[window[test]])
    # A fold of `GroupKFold` for each part: there too every group is tested once.
    names = labels["symbol"].to_numpy()
    folds = GroupKFold(len(of)).split(names, groups=names)
    assert sorted(s for _, test in folds for s in set(names[test])) == sorted(by_symbol)


def test_parts_rest_on_the_names_and_the_seed_alone():
    labels = labels_of()
    of = dealt(labels)
    assert dealt(labels.sample(fraction=1, shuffle=True, seed=3)) == of
    assert dealt(labels, seed=8) != of
    # A symbol that joins moves no other one.
    joined = pl.concat(
        [labels, labels.filter(pl.col("symbol") == "S03").with_columns(symbol=pl.lit("NEW"))]
    )
    for before, after in zip(of, dealt(joined), strict=True):
        assert set(after.symbols) - {"NEW"} == set(before.symbols)


@pytest.mark.parametrize("seed", range(20))
def test_no_part_is_empty_however_few_groups_there_are(seed):
    labels = labels_of()
    of = dealt(labels, seed=seed, attributes=sectors(24, 3), hold_out="sector")
    assert sorted(len(part.groups) for part in of) == [1, 1, 1]


def test_without_the_option_a_fold_is_one_cell():
    labels = labels_of()
    folds = walk_forward(labels["date"], Validation(), HORIZON)
    assert held_out_parts(labels, folds, Validation(), None, 7) == []
    for fold in folds:
        (cell,) = cells_of(fold, [])
        assert cell == Cell(fold)
        assert labels.filter(cell.train_rows()).equals(labels.filter(fold.train_rows()))
        assert labels.filter(cell.test_rows()).equals(labels.filter(fold.test_rows()))


@pytest.mark.parametrize(
    ("asked", "attributes", "code", "says", "hint"),
    [
        ({"hold_out": "sector"}, None, "no_sectors", "does not say", "hold_out to symbol"),
        (
            {"hold_out": "sector"},
            sectors(24, 6).drop("sector"),
            "no_sectors",
            "does not say",
            "Import a table of symbols and sectors",
        ),
        (
            {"hold_out": "sector"},
            sectors(22, 6),
            "no_sectors",
            "of 2 symbols no sector is known: S22, S23.",
            "universe.symbols",
        ),
        (
            {"hold_out": "sector", "hold_out_parts": 7},
            sectors(24, 6),
            "too_few_groups",
            "The 6 sectors of the data cannot be dealt into 7 parts",
            "hold_out_parts to 6",
        ),
        (
            {"scheme": "cpcv"},
            None,
            "hold_out_with_cpcv",
            "recombined histories",
            "expanding or rolling",
        ),
    ],
)
def test_what_cannot_be_held_out_says_what_to_do(asked, attributes, code, says, hint):
    with pytest.raises(StepError, match=says) as caught:
        dealt(labels_of(), attributes=attributes, **asked)
    assert caught.value.code == f"validation.{code}"
    assert hint in caught.value.hint
    assert caught.value.where["field"].startswith("validation.hold_out")


def test_too_few_symbols_outside_a_part_are_named():
    with pytest.raises(
        StepError, match=r"Outside part \d of those held out, fold 1 has 0 days"
    ) as caught:
        dealt(labels_of(symbols=4), hold_out_parts=2)
    assert caught.value.code == "validation.too_little_outside"


@pytest.mark.parametrize("asked", [{"hold_out": "country"}, {"hold_out_parts": 1}])
def test_out_of_range_is_refused(asked):
    with pytest.raises(ValidationError):
        Validation(**asked)

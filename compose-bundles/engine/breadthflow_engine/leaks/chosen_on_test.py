"""Configurations (or a number of rounds) that were chosen by the window they are tested on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import Choices, Pick, Subject
from breadthflow_engine.written import counted, fold_name

LIMIT = 0.5
TOLERANCE = 1e-9
LABEL = "Nothing is chosen by its own test"


def chosen_on_test(subject: Subject) -> LeakTest | None:
    """By what the choices were made from, where that is known; else by what came of them."""
    if subject.picks and subject.folds and subject.labels is not None:
        return _by_days(subject, subject.labels)
    choices = subject.choices
    if choices is None or choices.scores.shape[0] < 3:
        return None
    return _by_scores(choices)


def _by_days(subject: Subject, labels: pl.DataFrame) -> LeakTest:
    """No label of a day that was learnt from may reach the first day that is tested, and those days
    alone must lead to the same choice again."""
    folds = {fold.key: fold for fold in subject.folds}
    found: list[str] = []
    for pick in subject.picks:
        fold = folds[pick.fold, pick.part]
        learnt = labels.filter(
            pl.col("date").is_in(pick.days.implode()) & ~pl.col("symbol").is_in(fold.held_out)
        )
        days = learnt.filter(pl.col("label_end") >= fold.test["date"].min())["date"].n_unique()
        if days:
            found.append(f"{fold.name}: {days} days not over when its test begins")
        elif not _same(pick):
            found.append(f"{fold.name}: other weights")
    remade = sum(pick.again is not None for pick in subject.picks)
    return LeakTest(
        detector="chosen_on_test",
        label=LABEL,
        tested=(
            f"What predicted each of {_predicted(subject.picks)}, by the days that it "
            f"was chosen by, {remade} of them chosen again: how many rest on days that were not "
            "over when the test began, or come out otherwise."
        ),
        evidence=float(len(found)),
        limit=0.0,
        where=first_of(found),
    )


def _predicted(picks: Sequence[Pick]) -> str:
    parts = any(pick.part is not None for pick in picks)
    return (
        counted(len(picks), "part of a fold", "parts of folds")
        if parts
        else counted(len(picks), "fold")
    )


def _same(pick: Pick) -> bool:
    if pick.again is None:
        return True
    again = np.asarray(pick.again(), dtype=float)
    told = np.asarray(pick.weights, dtype=float)
    return again.shape == told.shape and bool(np.allclose(again, told, atol=TOLERANCE))


def _by_scores(choices: Choices) -> LeakTest:
    """Of the folds that were predicted by another configuration than the best of the folds before:
    the share in which it is the best of the very window that it is tested on. Choosing by anything
    but that window hits it once in as many times as there are configurations."""
    hits, folds = [], 0
    for fold, chosen in enumerate(choices.chosen):
        earlier = choices.scores[:, :fold].mean(axis=1) if fold else None
        if earlier is not None and int(np.argmax(earlier)) == chosen:
            continue
        folds += 1
        if int(np.argmax(choices.scores[:, fold])) == chosen:
            hits.append(f"{fold_name(fold)}: configuration {chosen}")
    enough = folds >= 2
    return LeakTest(
        detector="chosen_on_test",
        label=LABEL,
        tested=(
            f"{folds} of {len(choices.chosen)} folds were predicted by another configuration than "
            "the best of the folds before: the share in which it is the best of its own test."
        )
        if enough
        else "Nearly all folds were predicted by the best configuration of the folds before.",
        evidence=len(hits) / folds if enough else None,
        limit=LIMIT,
        where=first_of(hits) if enough and len(hits) / folds > LIMIT else (),
    )

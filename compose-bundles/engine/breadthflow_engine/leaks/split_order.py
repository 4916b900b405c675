"""Folds that were drawn at random: training days between the days that are tested."""

from __future__ import annotations

from breadthflow_engine.leaks.label_spans import windows_of
from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import Subject

MIN_WINDOW = 5
"""Days that a test window has on average at least; combinatorial folds have several windows, each
of a good length, and random folds have as many as days."""


def split_order(subject: Subject) -> LeakTest | None:
    if not subject.folds:
        return None
    torn: dict[str, int] = {}
    for fold in subject.folds:
        windows = windows_of(fold)
        shared = fold.train.join(fold.test, on="date", how="semi")["date"].n_unique()
        if fold.test["date"].n_unique() < MIN_WINDOW * len(windows) or shared:
            torn[f"{fold.name}: {len(windows)} windows, {shared} days shared"] = 1
    return LeakTest(
        detector="split_order",
        label="Folds are cut along time",
        tested=(
            f"{subject.folds_counted}: how many have training days on or between "
            "the days that they are tested on."
        ),
        evidence=float(len(torn)),
        limit=0.0,
        where=first_of(torn),
    )

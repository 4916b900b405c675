"""Configurations (or a number of rounds) that were chosen by the window they are tested on."""

from __future__ import annotations

import numpy as np

from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import Subject

LIMIT = 0.5


def chosen_on_test(subject: Subject) -> LeakTest | None:
    """Of the folds that were predicted by another configuration than the best of the folds before:
    the share in which it is the best of the very window that it is tested on. Choosing by anything
    but that window hits it once in as many times as there are configurations."""
    choices = subject.choices
    if choices is None or choices.scores.shape[0] < 3:
        return None
    hits, folds = [], 0
    for fold, chosen in enumerate(choices.chosen):
        earlier = choices.scores[:, :fold].mean(axis=1) if fold else None
        if earlier is not None and int(np.argmax(earlier)) == chosen:
            continue
        folds += 1
        if int(np.argmax(choices.scores[:, fold])) == chosen:
            hits.append(f"fold {fold}: configuration {chosen}")
    enough = folds >= 2
    return LeakTest(
        detector="chosen_on_test",
        label="Nothing is chosen by its own test",
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

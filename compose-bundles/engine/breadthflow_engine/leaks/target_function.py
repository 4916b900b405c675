"""A feature that is a function of a label that lies ahead: shifted, monotone, folded or noisy.

An honest feature may be tied to a label as closely as one likes, but never more closely to one that
lies ahead than to those that are past: the last label of the past shares all but one of its bars
with the next one. What is tied to the future more closely was made from it.
"""

from __future__ import annotations

import numpy as np

from breadthflow_engine.leaks.dependence import Dependence
from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import Subject
from breadthflow_engine.written import counted

STRONG = 0.8
MARGIN = 0.1
"""By which the tie to the future must beat the tie to the past. A jump is followed by restless days
more than it is preceded by them, so that a feature of one bar may lean ahead a little."""

EXACT = 0.9995


def target_function(subject: Subject, found: Dependence) -> LeakTest:
    past = found.shifts <= -subject.target.horizon
    ahead, behind = found.strength[~past], found.strength[past].max(axis=0)
    exact = np.abs(found.ic[~past]).max(axis=0) > EXACT
    was_exact = np.abs(found.ic[past]).max(axis=0) > EXACT
    best = ahead.max(axis=0)
    made_of = ((best > STRONG) & (best - behind > MARGIN)) | (exact & ~was_exact)
    shift = found.shifts[~past][ahead.argmax(axis=0)]
    leaking = np.flatnonzero(made_of)
    return LeakTest(
        detector="target_function",
        label="No feature is a function of the label",
        tested=(
            f"{counted(len(found.names), 'feature')} on {counted(found.days, 'day')}, against "
            f"the labels of {len(found.shifts)} days around each: how many follow one that lies "
            "ahead more closely than any that is past."
        ),
        evidence=float(len(leaking)),
        limit=0.0,
        where=first_of(
            f"{found.names[i]}: {best[i]:.3f} with the label of day {shift[i]:+d}, "
            f"{behind[i]:.3f} with the past"
            for i in leaking
        ),
    )

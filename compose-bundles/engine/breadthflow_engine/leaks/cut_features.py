"""Features made again from data cut at t: whatever changes has seen the future.

It finds centred windows, back-filled values, statistics over all dates and the like, without
knowing any of them.
"""

from __future__ import annotations

from breadthflow_engine.language import look_ahead_test
from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import Subject
from breadthflow_engine.written import counted


def cut_features(subject: Subject) -> LeakTest | None:
    if subject.features is None or not subject.specs or not subject.cuts:
        return None
    leaks = look_ahead_test(
        subject.bars.lazy(),
        subject.specs,
        subject.attributes,
        subject.cuts,
        full=subject.features.lazy(),
        compiler=subject.compiler,
    )
    days = ", ".join(str(day) for day in subject.cuts)
    return LeakTest(
        detector="cut_features",
        label="No feature sees the future",
        tested=(
            f"{counted(len(subject.specs), 'selected feature')}, computed again from data cut at "
            f"{days}: how "
            "many of them change."
        ),
        evidence=float(len(leaks)),
        limit=0.0,
        where=first_of(f"{leak.feature} on {leak.date}" for leak in leaks),
    )

"""A feature that predicts better than its own history and that of the label allow.

Of returns nothing on record orders a market at a daily rank IC near `RETURN_LIMIT`. A volatility
predicts itself; what is far above that, and says less of the past than of the future, was not
observed but known.
"""

from __future__ import annotations

import numpy as np

from breadthflow_engine.leaks.dependence import Dependence
from breadthflow_engine.leaks.leak_test import LeakTest, first_of
from breadthflow_engine.leaks.subject import Subject
from breadthflow_engine.written import counted

RETURN_LIMIT = 0.2
VOLATILITY_LEAD = 0.15
"""Above the label's own persistence; HAR gains about 0.05 on it."""

VOLATILITY_LEAST = 0.6
ERRORS = 4
"""Standard errors by which the limit must be passed: there are many features."""


def implausible_ic(subject: Subject, found: Dependence) -> LeakTest:
    horizon = subject.target.horizon
    now, before = found.shifts >= 0, found.shifts <= -horizon
    limit = RETURN_LIMIT
    if subject.target.kind == "log_realised_volatility":
        limit = max(VOLATILITY_LEAST, found.persistence + VOLATILITY_LEAD)
    sure = np.abs(found.ic[now]) - ERRORS * found.error[now]
    ic = np.abs(found.ic[now]).max(axis=0)
    past = np.abs(found.ic[before]).max(axis=0)
    leaking = np.flatnonzero((sure.max(axis=0) > limit) & (ic > past))
    return LeakTest(
        detector="implausible_ic",
        label="No feature predicts implausibly well",
        tested=(
            f"{counted(len(found.names), 'feature')} on {counted(found.days, 'day')}: how many "
            f"have a daily rank IC surely above {limit:.2f} that is higher than their IC with "
            "what was past."
        ),
        evidence=float(len(leaking)),
        limit=0.0,
        where=first_of(
            f"{found.names[i]}: {ic[i]:.3f}, with the past {past[i]:.3f}" for i in leaking
        ),
    )

"""What a detector tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

SHOWN = 8


@dataclass(frozen=True)
class LeakTest:
    """One detector's answer.

    Attributes:
        detector: its name, that of its module.
        label: what holds where it passes, in a few words.
        tested: what was looked at, and how.
        evidence: the number that decided, held against `limit`; None where nothing could be
            tested, and `tested` says why.
        where: features, symbols, folds or days, the first of them.
        decides: whether the verdict rests on it; what data alone is to blame for is only told.
    """

    detector: str
    label: str
    tested: str
    evidence: float | None
    limit: float
    where: tuple[str, ...] = ()
    decides: bool = True

    @property
    def passed(self) -> bool:
        return self.evidence is None or self.evidence <= self.limit

    def as_json(self) -> dict[str, Any]:
        return {
            "detector": self.detector,
            "label": self.label,
            "tested": self.tested,
            "evidence": self.evidence,
            "limit": self.limit,
            "where": list(self.where),
            "passed": self.passed,
            "decides": self.decides,
        }


def first_of(names: Iterable[object]) -> tuple[str, ...]:
    """The first few of them, as text."""
    return tuple(str(name) for name, _ in zip(names, range(SHOWN), strict=False))

"""A leak, and who is to catch it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from breadthflow_engine.leaks.subject import Subject


@dataclass(frozen=True)
class Planted:
    """`reason`: why it is a leak. `also`: other detectors that rightly see it too."""

    name: str
    reason: str
    detector: str
    subject: Callable[[], Subject]
    also: frozenset[str] = frozenset()

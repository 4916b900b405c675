"""What looks like a leak and is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from breadthflow_engine.leaks.subject import Subject


@dataclass(frozen=True)
class LookAlike:
    """`reason`: why it is honest."""

    name: str
    reason: str
    subject: Callable[[], Subject]

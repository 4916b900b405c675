"""Numbers that do not exist, and why: absent with a reason, never wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np


class Absent(Exception):  # noqa: N818 - it is an answer, not a fault
    """There is no such number; the message says why, in words for a report."""


@dataclass
class Reasons:
    """Collects why what is None is None, by name."""

    of: dict[str, str] = field(default_factory=dict)

    def ask(self, name: str, question: Any, *arguments: Any, **named: Any) -> Any:
        """The answer, or None with its reason kept under `name`."""
        try:
            return question(*arguments, **named)
        except Absent as absent:
            self.of[name] = str(absent)
            return None


def plain(value: Any, digits: int = 6) -> Any:
    """Arrays, numbers and containers of them as JSON values; what is not finite is None."""
    if isinstance(value, dict):
        return {name: plain(inner, digits) for name, inner in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist(), digits)
    if isinstance(value, list | tuple):
        return [plain(inner, digits) for inner in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return round(float(value), digits) if math.isfinite(value) else None
    return value

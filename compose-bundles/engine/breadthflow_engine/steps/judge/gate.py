"""What a gate is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Gate:
    """One question put to the evidence.

    Attributes:
        value: the answer; None where it cannot be known, and `meaning` says why.
        threshold: what `value` is held against.
        interval: bounds at 95 % confidence, where the gate measures them.
        decides: whether the verdict rests on it; the other gates are told for information.
        meaning: in plain words, what was measured and against what.
        would_change: what would turn its result, in numbers; None where nothing can be said.
        otherwise: what else lets it pass, in a word or two beside the threshold.
    """

    name: str
    label: str
    value: float | None
    threshold: float | None
    interval: tuple[float, float] | None
    passed: bool
    decides: bool
    meaning: str
    would_change: str | None = None
    otherwise: str | None = None

    def as_json(self) -> dict[str, Any]:
        fields = asdict(self)
        fields["interval"] = None if self.interval is None else list(self.interval)
        return fields

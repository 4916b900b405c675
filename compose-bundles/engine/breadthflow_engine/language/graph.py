"""Primitive operations of a set of features as one graph without repetitions.

Composite operators are rewritten into primitives while they are added, and equal primitives are
the same vertex, so a sub-expression that many features share is computed once. Vertices are added
bottom-up and named by number, so nothing here recurses over user input.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["column", "number", "calendar", "row", "time", "cross"]


@dataclass(frozen=True, slots=True)
class Vertex:
    """One primitive.

    Attributes:
        kind: `row` looks at its own row, `time` along the symbol, `cross` across the date.
        inputs: numbers of the vertices that it reads.
        settings: literal parameters: window lengths, half-lives, bounds.
        lookback: bars of the symbol that the value may depend on, the present one included.
    """

    kind: Kind
    operation: str
    inputs: tuple[int, ...]
    settings: tuple[float, ...]
    lookback: int


class Graph:
    def __init__(self) -> None:
        self.vertices: list[Vertex] = []
        self._known: dict[tuple[Kind, str, tuple[int, ...], tuple[float, ...]], int] = {}

    def column(self, name: str) -> int:
        return self._add("column", name, (), (), 0)

    def number(self, value: float) -> int:
        return self._add("number", "", (), (value,), 0)

    def calendar(self, operation: str) -> int:
        return self._add("calendar", operation, (), (), 0)

    def row(self, operation: str, *inputs: int, settings: tuple[float, ...] = ()) -> int:
        return self._add("row", operation, inputs, settings, 0)

    def time(
        self, operation: str, *inputs: int, settings: tuple[float, ...] = (), reach: int
    ) -> int:
        """`reach`: how many bars before the present one it reads of its inputs."""
        return self._add("time", operation, inputs, settings, reach)

    def cross(self, operation: str, *inputs: int) -> int:
        return self._add("cross", operation, inputs, (), 0)

    def lookback(self, number: int) -> int:
        return self.vertices[number].lookback

    def below(self, *roots: int) -> set[int]:
        """The vertices that the roots depend on, themselves included."""
        found: set[int] = set()
        waiting = list(roots)
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                waiting.extend(self.vertices[number].inputs)
        return found

    def _add(
        self,
        kind: Kind,
        operation: str,
        inputs: tuple[int, ...],
        settings: tuple[float, ...],
        reach: int,
    ) -> int:
        key = (kind, operation, inputs, settings)
        if key not in self._known:
            deepest = max((self.vertices[i].lookback for i in inputs), default=1)
            self.vertices.append(Vertex(kind, operation, inputs, settings, deepest + reach))
            self._known[key] = len(self.vertices) - 1
        return self._known[key]

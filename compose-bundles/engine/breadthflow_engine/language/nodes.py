"""The syntax tree of the feature language; positions are 0-based offsets into the text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    value: float
    position: int


@dataclass(frozen=True, slots=True)
class Name:
    """A column of the bars (`close`) or a derived one (`returns`)."""

    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Call:
    """An operator applied to its arguments; `a + b` is `Call("add", (a, b))`."""

    operator: str
    arguments: tuple[Node, ...]
    position: int


Node = Number | Name | Call


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """One feature.

    Attributes:
        name: column name, snake_case, unique in its set.
        expression: text of the feature language.
        lookback: bars of the symbol that a value may depend on, the present one included; the
            first `lookback - 1` rows of each symbol are null.
        family: price, volume, volatility, calendar, cross_section, sector or custom.
        meaning: one line for people.
    """

    name: str
    expression: str
    lookback: int
    family: str = "custom"
    meaning: str = ""

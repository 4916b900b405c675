"""From syntax trees to a graph of primitives, refusing what has no meaning or looks ahead."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from breadthflow_engine.language.graph import Graph
from breadthflow_engine.language.nodes import Call, FeatureSpec, Name, Node, Number
from breadthflow_engine.language.operators import COLUMNS, DERIVED, OPERATORS, Operator
from breadthflow_engine.language.parsing import parse
from breadthflow_engine.protocol.errors import StepError

MAX_BARS = 2520
MAX_VERTICES = 20_000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
_RESERVED = {"symbol", "date", "sector", "label", "label_end", "fold", "prediction"}
_SECTOR_OPERATIONS = {"sector_rank", "sector_mean", "sector_stdev"}


@dataclass(frozen=True)
class CheckedFeatures:
    """A set of features that may be compiled: `roots[i]` is the vertex of `specs[i]`."""

    specs: tuple[FeatureSpec, ...]
    graph: Graph
    roots: tuple[int, ...]

    def needs_sectors(self, root: int) -> bool:
        vertices = self.graph.vertices
        return any(vertices[v].operation in _SECTOR_OPERATIONS for v in self.graph.below(root))


def check_features(specs: Iterable[FeatureSpec]) -> CheckedFeatures:
    """Parse and check a set of features.

    Raises:
        StepError: `features.name`, `features.duplicate_name`, `features.syntax`,
            `features.unknown_word`, `features.arguments`, `features.look_ahead`,
            `features.lookback`, `features.no_bars` or `features.too_large`; `where` carries the
            feature and, where there is one, the position (0-based offset into the expression).
    """
    kept = tuple(specs)
    graph = Graph()
    roots: list[int] = []
    seen: set[str] = set()
    for spec in kept:
        _check_name(spec, seen)
        root = _Checker(graph, spec).add()
        _check_lookback(spec, graph.lookback(root))
        roots.append(root)
    return CheckedFeatures(kept, graph, tuple(roots))


def needed_lookback(expression: str) -> int:
    """Bars that an expression depends on, the present one included."""
    graph = Graph()
    return graph.lookback(_Checker(graph, FeatureSpec("expression", expression, 1)).add())


def _check_name(spec: FeatureSpec, seen: set[str]) -> None:
    if not _NAME.fullmatch(spec.name) or spec.name in _RESERVED or spec.name in COLUMNS:
        raise StepError(
            "features.name",
            f"{spec.name!r} cannot be the name of a feature.",
            "Use lower-case letters, digits and _, beginning with a letter, 63 characters at "
            "most, and not the name of a column of the bars.",
            feature=spec.name,
        )
    if spec.name in seen:
        raise StepError(
            "features.duplicate_name",
            f"Two features are named {spec.name!r}.",
            "Rename one of them; built-in features keep their names.",
            feature=spec.name,
        )
    seen.add(spec.name)


def _check_lookback(spec: FeatureSpec, needed: int) -> None:
    if not 1 <= spec.lookback <= MAX_BARS or needed > MAX_BARS:
        raise StepError(
            "features.lookback",
            f"Feature {spec.name!r} declares a look-back of {spec.lookback} bars and needs "
            f"{needed}; {MAX_BARS} is the most.",
            f"Use windows within {MAX_BARS} bars.",
            feature=spec.name,
            position=0,
        )
    if spec.lookback < needed:
        raise StepError(
            "features.lookback",
            f"Feature {spec.name!r} declares a look-back of {spec.lookback} bars, but its "
            f"expression needs {needed}.",
            f"Set its lookback to {needed}, or shorten its windows.",
            feature=spec.name,
            position=0,
            needed=needed,
        )


class _Checker:
    """Adds one feature to the graph. The parser bounds the depth of this recursion."""

    def __init__(self, graph: Graph, spec: FeatureSpec) -> None:
        self._graph = graph
        self._feature = spec.name
        self._expression = spec.expression

    def add(self) -> int:
        root = self._visit(parse(self._expression, self._feature))
        vertices = self._graph.vertices
        if all(vertices[v].kind in ("number", "row") for v in self._graph.below(root)):
            self._fail(
                "features.no_bars",
                "it reads neither bars nor the calendar, so it is the same everywhere",
                "Use a column such as close or returns in it.",
                0,
            )
        return root

    def _visit(self, node: Node) -> int:
        if isinstance(node, Number):
            if not math.isfinite(node.value):
                hint = "Write a smaller number."
                self._fail("features.arguments", "a number is out of range", hint, node.position)
            return self._graph.number(node.value)
        if isinstance(node, Name):
            return self._column(node)
        return self._call(node)

    def _column(self, node: Name) -> int:
        if node.name in COLUMNS:
            return self._graph.column(node.name)
        if node.name in DERIVED:
            return self._visit(parse(DERIVED[node.name], node.name))
        if node.name in OPERATORS:
            usage = OPERATORS[node.name].usage
            self._fail("features.unknown_word", f"{node.name} is an operator", usage, node.position)
        return self._unknown(node.name, [*COLUMNS, *DERIVED], "column", node.position)

    def _call(self, node: Call) -> int:
        operator = OPERATORS.get(node.operator)
        if operator is None:
            self._unknown(node.operator, list(OPERATORS), "operator", node.position)
        expected = len(operator.values) + len(operator.settings)
        if len(node.arguments) != expected:
            self._fail(
                "features.arguments",
                f"{operator.name} takes {expected} arguments, not {len(node.arguments)}",
                f"Write it as {operator.usage}.",
                node.position,
            )
        values = node.arguments[: len(operator.values)]
        literals = self._literals(operator, node.arguments[len(operator.values) :])
        made = operator.build(self._graph, [self._visit(v) for v in values], literals)
        if len(self._graph.vertices) > MAX_VERTICES:
            self._fail(
                "features.too_large",
                f"the features together make more than {MAX_VERTICES:,} operations",
                "Use fewer or simpler features.",
                node.position,
            )
        return made

    def _literals(self, operator: Operator, arguments: Sequence[Node]) -> list[float]:
        literals: list[float] = []
        for setting, node in zip(operator.settings, arguments, strict=True):
            if not isinstance(node, Number) or not math.isfinite(node.value):
                self._fail(
                    "features.arguments",
                    f"{setting} of {operator.name} has to be a plain number",
                    f"Write it as {operator.usage}.",
                    node.position,
                )
            self._check_setting(operator, setting, node)
            literals.append(node.value)
        if operator.name == "clip" and literals[0] > literals[1]:
            hint = "Write the lower bound first."
            position = arguments[0].position
            self._fail("features.arguments", "low of clip is above high", hint, position)
        return literals

    def _check_setting(self, operator: Operator, setting: str, node: Number) -> None:
        value = node.value
        if setting == "bars" and value < 0:
            self._fail(
                "features.look_ahead",
                f"{operator.name} with {value:g} bars would look into the future",
                "Count bars backwards: a positive number.",
                node.position,
            )
        if setting == "bars" and (value != int(value) or not operator.least <= value <= MAX_BARS):
            self._fail(
                "features.arguments",
                f"{operator.name} takes a whole number of bars from {operator.least} to "
                f"{MAX_BARS}, not {value:g}",
                f"Write it as {operator.usage}.",
                node.position,
            )
        if (setting == "half_life" and not 0 < value <= MAX_BARS) or (
            setting == "share" and not 0 <= value <= 1
        ):
            bounds = "above 0" if setting == "half_life" else "from 0 to 1"
            self._fail(
                "features.arguments",
                f"{setting} of {operator.name} has to be {bounds}, not {value:g}",
                f"Write it as {operator.usage}.",
                node.position,
            )

    def _unknown(self, word: str, known: list[str], what: str, position: int) -> NoReturn:
        near = difflib.get_close_matches(word, known, n=3)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"Known: {', '.join(known)}."
        self._fail("features.unknown_word", f"there is no {what} {word!r}", hint, position)

    def _fail(self, code: str, what: str, hint: str, position: int) -> NoReturn:
        raise StepError(
            code,
            f"Feature {self._feature!r}, character {position + 1}: {what}.",
            hint,
            feature=self._feature,
            position=position,
        )

"""Text of the feature language to a syntax tree.

    expression := comparison
    comparison := sum [("<" | "<=" | ">" | ">=") sum]
    sum        := product {("+" | "-") product}
    product    := unary {("*" | "/") unary}
    unary      := "-" unary | power
    power      := atom ["^" unary]
    atom       := number | name | name "(" [expression {"," expression}] ")" | "(" expression ")"

The text may come from a stranger: nothing is ever evaluated by Python, and the length of the text
and the depth of the tree are bounded, so that no later pass over the tree can run out of stack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from breadthflow_engine.language.nodes import Call, Name, Node, Number
from breadthflow_engine.protocol.errors import StepError

MAX_LENGTH = 2000
MAX_DEPTH = 48

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|<=|>=|[-+*/^<>(),]))",
    re.ASCII,
)
_COMPARISONS = {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal"}
_SUMS = {"+": "add", "-": "subtract"}
_PRODUCTS = {"*": "multiply", "/": "divide"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def parse(text: str, feature: str = "") -> Node:
    """The syntax tree of an expression.

    Raises:
        StepError: `features.syntax`, with the feature and the position of the fault.
    """
    if len(text) > MAX_LENGTH:
        raise StepError(
            "features.syntax",
            f"The expression of feature {feature!r} has {len(text):,} characters.",
            f"Keep it within {MAX_LENGTH:,}: split it into several features.",
            feature=feature,
            position=MAX_LENGTH,
        )
    return _Parser(text, feature).whole()


class _Parser:
    def __init__(self, text: str, feature: str) -> None:
        self._text = text
        self._feature = feature
        self._tokens = self._tokenise()
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._expression()
        if self._peek().kind != "end":
            self._fail(f"{self._peek().text!r} is not expected here", self._peek().position)
        return node

    def _tokenise(self) -> list[_Token]:
        tokens: list[_Token] = []
        end = len(self._text.rstrip())
        at = 0
        while at < end:
            match = _TOKEN.match(self._text, at)
            if match is None or match.lastgroup is None:
                at += len(self._text[at:]) - len(self._text[at:].lstrip())
                self._fail(f"the character {self._text[at]!r} has no meaning", at)
            kind = match.lastgroup
            tokens.append(_Token(kind, match[kind], match.start(kind)))
            at = match.end()
        tokens.append(_Token("end", "end of the expression", end))
        return tokens

    def _expression(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._fail(f"it is nested more than {MAX_DEPTH} deep", self._peek().position)
        left = self._chain(_SUMS, lambda: self._chain(_PRODUCTS, self._unary))
        sign = self._peek()
        if sign.text in _COMPARISONS:
            self._next += 1
            right = self._chain(_SUMS, lambda: self._chain(_PRODUCTS, self._unary))
            left = Call(_COMPARISONS[sign.text], (left, right), sign.position)
        self._depth -= 1
        return left

    def _chain(self, signs: dict[str, str], operand) -> Node:
        """Operands joined by left-associative signs of one precedence."""
        left = operand()
        joined = 0
        while self._peek().text in signs:
            sign = self._take()
            joined += 1
            if self._depth + joined > MAX_DEPTH:
                self._fail(f"more than {MAX_DEPTH} terms stand in one row", sign.position)
            left = Call(signs[sign.text], (left, operand()), sign.position)
        return left

    def _unary(self) -> Node:
        if self._peek().text != "-":
            return self._power()
        sign = self._take()
        operand = self._nested(self._unary)
        if isinstance(operand, Number):
            return Number(-operand.value, sign.position)
        return Call("negative", (operand,), sign.position)

    def _power(self) -> Node:
        base = self._atom()
        if self._peek().text not in ("^", "**"):
            return base
        sign = self._take()
        return Call("power", (base, self._nested(self._unary)), sign.position)

    def _nested(self, operand) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._fail(f"it is nested more than {MAX_DEPTH} deep", self._peek().position)
        node = operand()
        self._depth -= 1
        return node

    def _atom(self) -> Node:
        token = self._take()
        if token.kind == "number":
            return Number(float(token.text), token.position)
        if token.kind == "name":
            if self._peek().text != "(":
                return Name(token.text, token.position)
            return Call(token.text, self._arguments(), token.position)
        if token.text == "(":
            node = self._expression()
            self._expect(")")
            return node
        return self._fail(f"a value is expected, not {token.text!r}", token.position)

    def _arguments(self) -> tuple[Node, ...]:
        self._expect("(")
        arguments: list[Node] = []
        if self._peek().text != ")":
            arguments.append(self._expression())
            while self._peek().text == ",":
                self._next += 1
                arguments.append(self._expression())
        self._expect(")")
        return tuple(arguments)

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        if token.kind != "end":
            self._next += 1
        return token

    def _expect(self, text: str) -> None:
        token = self._take()
        if token.text != text:
            self._fail(f"{text!r} is expected, not {token.text!r}", token.position)

    def _fail(self, what: str, position: int) -> NoReturn:
        raise StepError(
            "features.syntax",
            f"Feature {self._feature!r}, character {position + 1}: {what}.",
            "Write it like log(close / delay(close, 5)) or rank(stdev(returns, 21)).",
            feature=self._feature,
            position=position,
        )

"""Text becomes a tree by the usual precedence; what is no expression is refused by position."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breadthflow_engine.language.nodes import Call, Name, Node, Number
from breadthflow_engine.language.parsing import parse
from breadthflow_engine.protocol.errors import StepError


def written(node: Node) -> str:
    if isinstance(node, Number):
        return f"{node.value:g}"
    if isinstance(node, Name):
        return node.name
    return f"{node.operator}({' '.join(written(a) for a in node.arguments)})"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1 + 2 * 3", "add(1 multiply(2 3))"),
        ("(1 + 2) * 3", "multiply(add(1 2) 3)"),
        ("8 - 4 - 2", "subtract(subtract(8 4) 2)"),
        ("8 / 4 / 2", "divide(divide(8 4) 2)"),
        ("2 ^ 3 ^ 2", "power(2 power(3 2))"),
        ("-x ^ 2", "negative(power(x 2))"),
        ("x ** -2", "power(x -2)"),
        ("a + b > c * 2", "greater(add(a b) multiply(c 2))"),
        ("log(close / delay(close, 5))", "log(divide(close delay(close 5)))"),
        ("day_of_week()", "day_of_week()"),
        (" 1.5e-3*x ", "multiply(0.0015 x)"),
    ],
)
def test_precedence(text: str, tree: str) -> None:
    assert written(parse(text)) == tree


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("close +", 7),
        ("close close", 6),
        ("mean(close, 5", 13),
        ("mean(close,, 5)", 11),
        ("close ! 2", 6),
        ("__import__('os').system('x')", 11),
        ("close.x", 5),
        ("close[0]", 5),
        ("lambda: 1", 6),
        ("1 < 2 < 3", 6),
        ("clöse", 2),
    ],
)
def test_what_is_no_expression_is_refused_where_it_goes_wrong(text: str, position: int) -> None:
    with pytest.raises(StepError) as refused:
        parse(text, "mine")
    assert refused.value.code == "features.syntax"
    assert refused.value.where == {"feature": "mine", "position": position}
    assert "'mine'" in refused.value.detail


@pytest.mark.parametrize(
    "text",
    [
        "(" * 900 + "x" + ")" * 900,
        "-" * 1900 + "x",
        "x" + "+x" * 900,
        "x^" * 900 + "x",
        "x" * 2001,
    ],
)
def test_depth_and_length_are_bounded(text: str) -> None:
    with pytest.raises(StepError) as refused:
        parse(text)
    assert refused.value.code == "features.syntax"


@given(st.text(alphabet="closemean()+-*/^<>=,. 0123456789_é\n", max_size=80))
def test_any_text_is_a_tree_or_a_clear_error(text: str) -> None:
    refused = None
    try:
        tree = parse(text)
    except StepError as error:
        tree, refused = None, error
    if refused is None:
        assert isinstance(tree, Number | Name | Call)
    else:
        assert refused.code == "features.syntax"
        assert 0 <= refused.where["position"] <= len(text)

"""What looks ahead, lies about its look-back or has no meaning never reaches the compiler."""

from __future__ import annotations

import pytest

from breadthflow_engine.language import FeatureSpec, check_features, needed_lookback
from breadthflow_engine.protocol.errors import StepError


@pytest.mark.parametrize(
    ("expression", "lookback"),
    [
        ("close", 1),
        ("delay(close, 5)", 6),
        ("returns", 2),
        ("mean(close, 21)", 21),
        ("stdev(returns, 21)", 22),
        ("delay(max(returns, 5), 58)", 64),
        ("zscore(mean(volume, 5), 63)", 67),
        ("ewma(returns, 3, 18)", 19),
        ("correlation(returns, market_mean(returns), 60)", 61),
        ("rank(delta(close, 10))", 11),
        ("bars_since(returns > 0, 10)", 11),
        ("gap_days()", 2),
        ("month()", 1),
        ("mean(close, 5) + mean(close, 50)", 50),
    ],
)
def test_the_lookback_that_an_expression_needs(expression: str, lookback: int) -> None:
    assert needed_lookback(expression) == lookback
    check_features([FeatureSpec("mine", expression, lookback)])
    if lookback > 1:
        with pytest.raises(StepError) as refused:
            check_features([FeatureSpec("mine", expression, lookback - 1)])
        assert refused.value.code == "features.lookback"
        assert refused.value.where["needed"] == lookback
        assert str(lookback) in refused.value.hint


@pytest.mark.parametrize(
    ("expression", "code", "position"),
    [
        ("delay(close, -1)", "features.look_ahead", 13),
        ("log(delay(close, -(5)))", "features.look_ahead", 17),
        ("mean(close, -5)", "features.look_ahead", 12),
        ("delta(close, -3)", "features.look_ahead", 13),
        ("delay(close, 0)", "features.arguments", 13),
        ("delay(close, 1.5)", "features.arguments", 13),
        ("delay(close, volume)", "features.arguments", 13),
        ("delay(close, 1 - 2)", "features.arguments", 15),
        ("stdev(close, 1)", "features.arguments", 13),
        ("mean(close, 99999)", "features.arguments", 12),
        ("mean(close)", "features.arguments", 0),
        ("quantile(close, 5, 2)", "features.arguments", 19),
        ("ewma(close, 0, 5)", "features.arguments", 12),
        ("clip(close, 2, 1)", "features.arguments", 12),
        ("1e999 * close", "features.arguments", 0),
        ("eval(close)", "features.unknown_word", 0),
        ("clsoe", "features.unknown_word", 0),
        ("mean", "features.unknown_word", 0),
        ("label", "features.unknown_word", 0),
        ("1 + 2", "features.no_bars", 0),
    ],
)
def test_what_is_refused_and_where(expression: str, code: str, position: int) -> None:
    with pytest.raises(StepError) as refused:
        check_features([FeatureSpec("mine", expression, 100)])
    assert refused.value.code == code
    assert refused.value.where["feature"] == "mine"
    assert refused.value.where["position"] == position
    assert refused.value.hint


def test_a_misspelt_word_gets_a_suggestion() -> None:
    with pytest.raises(StepError) as refused:
        check_features([FeatureSpec("mine", "mean(clsoe, 5)", 5)])
    assert "close" in refused.value.hint


@pytest.mark.parametrize("name", ["", "Mine", "1st", "a b", "x" * 64, "close", "label", "__1"])
def test_names_that_no_feature_can_have(name: str) -> None:
    with pytest.raises(StepError) as refused:
        check_features([FeatureSpec(name, "close", 1)])
    assert refused.value.code == "features.name"


def test_two_features_of_one_name_are_refused() -> None:
    with pytest.raises(StepError) as refused:
        check_features([FeatureSpec("mine", "close", 1), FeatureSpec("mine", "open", 1)])
    assert refused.value.code == "features.duplicate_name"


def test_look_backs_add_up_to_no_more_than_the_limit() -> None:
    with pytest.raises(StepError) as refused:
        check_features([FeatureSpec("mine", "mean(mean(close, 2000), 2000)", 2520)])
    assert refused.value.code == "features.lookback"


def test_nesting_that_doubles_stays_small() -> None:
    """Composite operators read their argument twice; a shared graph keeps that from exploding."""
    expression = "close"
    for _ in range(20):
        expression = f"zscore({expression}, 3)"
    checked = check_features([FeatureSpec("mine", expression, 41)])
    assert len(checked.graph.vertices) < 100


def test_equal_sub_expressions_are_one_vertex() -> None:
    one = check_features([FeatureSpec("a", "rank(stdev(returns, 21))", 22)])
    two = check_features(
        [
            FeatureSpec("a", "rank(stdev(returns, 21))", 22),
            FeatureSpec("b", "rank( stdev(close/delay(close,1) - 1, 21) )", 22),
        ]
    )
    assert len(two.graph.vertices) == len(one.graph.vertices)

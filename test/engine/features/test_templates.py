"""The ideas that ship: their features exist, and say truly how far they look back."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from breadthflow_engine.language import FeatureSpec, check_features, needed_lookback
from breadthflow_engine.steps.features.library import LIBRARY

IDEAS = sorted((Path(__file__).parents[3] / "resources" / "ideas").glob("*.idea.yaml"))


def test_there_are_templates() -> None:
    assert len(IDEAS) >= 6


@pytest.mark.parametrize("file", IDEAS, ids=lambda file: file.name.removesuffix(".idea.yaml"))
def test_the_features_of_a_template_are_understood_beside_its_families(file: Path) -> None:
    features = yaml.safe_load(file.read_text("utf-8"))["features"]
    built_in = [spec for family in features["families"] for spec in LIBRARY[family]]
    own = [FeatureSpec(**spec) for spec in features.get("add", [])]
    checked = check_features([*built_in, *own])
    assert len(checked.specs) == len(built_in) + len(own)
    assert {spec.name: spec.lookback for spec in own} == {
        spec.name: needed_lookback(spec.expression) for spec in own
    }
    # One that is built in already would only be dropped again.
    assert not set(checked.roots[len(built_in) :]) & set(checked.roots[: len(built_in)])

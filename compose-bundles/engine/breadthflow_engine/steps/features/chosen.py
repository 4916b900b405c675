"""Which features an idea asks for: the families of the library and its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from breadthflow_engine.language import FeatureSpec
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.features.library import LIBRARY
from breadthflow_engine.steps.features.params import CustomFeature


def choose_features(
    families: Sequence[str],
    add: Iterable[CustomFeature | Mapping[str, Any]] = (),
    *,
    sectors: bool,
) -> list[FeatureSpec]:
    """The features of some families and the idea's own, in the order of the library.

    Args:
        families: names of families; a repeated one counts once.
        add: features of the idea's own; their family is `custom`.
        sectors: whether sectors are known; the sector family is left out if they are not.

    Raises:
        StepError: `features.none` if nothing is left.
    """
    chosen = [
        spec
        for family, specs in LIBRARY.items()
        if family in families and (sectors or family != "sector")
        for spec in specs
    ]
    for custom in add:
        own = CustomFeature.model_validate(custom)
        chosen.append(FeatureSpec(own.name, own.expression, own.lookback, meaning="Of the idea"))
    if not chosen:
        raise StepError(
            "features.none",
            "The idea asks for no feature that can be made.",
            "Name a family in features.families or a feature in features.add; the sector family "
            "needs a table of symbols and sectors imported with the bars.",
            field="features.families",
        )
    return chosen

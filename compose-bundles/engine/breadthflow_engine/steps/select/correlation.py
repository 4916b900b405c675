"""How the features that were kept move together, for a picture of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from breadthflow_engine.steps.select.choosing import Choice
from breadthflow_engine.steps.select.evidence import Evidence
from breadthflow_engine.steps.select.moments import Floats, Moments

SHOWN = 60
"""More lines than this are too thin to be told apart; the strongest features are shown."""


def correlation(evidence: Evidence, moments: Moments, choices: list[Choice]) -> dict[str, Any]:
    """The `correlation.json` of the features that order symbols.

    Args:
        evidence: names the features.
        moments: of the ranks on the days that were looked at.
        choices: what became of each feature, in the order of `evidence.names`.

    Returns:
        `names` and `values` (one row a name): correlations of the daily ranks, pooled. Features
        that move together stand together.
    """
    kept = [at for at, choice in enumerate(choices) if choice.rule == "kept"]
    kept = sorted(kept, key=lambda at: -abs(choices[at].score or 0.0))[:SHOWN]
    products = moments.features[np.ix_(kept, kept)]
    size = np.sqrt(np.diag(products))
    values = products / np.outer(size, size)
    order = _neighbours(values)
    return {
        "names": [evidence.names[kept[place]] for place in order],
        "values": values[np.ix_(order, order)].round(3).tolist(),
    }


def _neighbours(values: Floats) -> list[int]:
    """From the first one on, each time the one that is most like the last."""
    left = list(range(1, len(values)))
    order = [0] if len(values) else []
    while left:
        nearest = max(left, key=lambda place: values[order[-1], place])
        left.remove(nearest)
        order.append(nearest)
    return order

"""What a reader must know before believing the figures, in words."""

from __future__ import annotations

from typing import Any

import numpy as np

from breadthflow_engine.backtest.market import Matrix
from breadthflow_engine.backtest.settings import Trading
from breadthflow_engine.backtest.study import Study


def why_nothing_traded(study: Study, weights: Matrix) -> str:
    """The reason to give if a book of these weights (R, S) never traded."""
    if not len(weights) or not np.abs(weights).any():
        return "no signal chose between symbols, so nothing was traded"
    if study.trading.whole_shares:
        return (
            f"a capital of {study.trading.capital:,.0f} is too small for one share of any symbol, "
            "so nothing was traded"
        )
    if study.trading.participation is not None:
        return "no bar has the volume that a limit on participation needs, so nothing was traded"
    return "no symbol had a bar after a signal, so nothing was traded"


def warnings_of(trading: Trading, capacity: dict[str, Any] | None, ruined: bool) -> list[str]:
    """Sentences about what the headline figures leave out.

    Args:
        capacity: what `capacity_curve` found, or None.
    """
    said = []
    if ruined:
        said.append("The book was ruined: its equity fell to nothing, and it stopped trading.")
    if capacity is not None and capacity["capacity"] is not None:
        limit = capacity["capacity"]
        if limit < trading.capital:
            said.append(
                f"The capital of {trading.capital:,.0f} is above the idea's capacity of "
                f"{limit:,.0f}"
                + (
                    ", and the figures leave out what its own trades move: set backtest.impact."
                    if trading.impact == 0
                    else "."
                )
            )
    return said

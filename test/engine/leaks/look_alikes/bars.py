"""Bars that only look as if they told of later ones."""

from __future__ import annotations

from planted.bars import halted
from world import bars_of, returns, subject_of

from breadthflow_engine.leaks.subject import Subject
from look_alikes.look_alike import LookAlike


def lagging() -> Subject:
    """Six symbols that close before the others: they move with the day before."""
    moves, volatility = returns(seed=16)
    moves = moves.copy()
    moves[1:, :6] = moves[:-1, :6]
    return subject_of(bars_of(moves, volatility))


IN_BARS = (
    LookAlike(
        "markets that close earlier",
        "they follow yesterday's market, which was known",
        lagging,
    ),
    LookAlike(
        "halts filled forward",
        "the last known price is carried on",
        lambda: halted("forward"),
    ),
)

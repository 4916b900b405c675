"""Numbers that others published, beside ours; `docs/validation.md` prints them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from breadthflow_engine.statistics import (
    deflated_sharpe,
    minimum_track_record,
    probabilistic_sharpe,
)

PSR = "Bailey and López de Prado (2012), The Sharpe Ratio Efficient Frontier"
DSR = "Bailey and López de Prado (2014), The Deflated Sharpe Ratio"


@dataclass(frozen=True)
class Published:
    """`ours()` must agree with `value` to `decimals`."""

    what: str
    source: str
    value: float
    decimals: int
    ours: Callable[[], float]

    def row(self) -> str:
        """A line of a Markdown table."""
        theirs, ours = (f"{value:.{self.decimals}f}" for value in (self.value, self.ours()))
        return f"| {self.what} | {self.source} | {theirs} | {ours} |"


def _deflated(trials: int) -> float:
    return deflated_sharpe(2.5 / math.sqrt(250), 1250, -3, 10, trials, 0.5 / 250)


def _years(periods: int) -> float:
    root = math.sqrt(periods)
    return (minimum_track_record(2 / root, benchmark=1 / root) or math.nan) / periods


PUBLISHED = [
    Published(
        "Probabilistic Sharpe ratio: Sharpe 0.458, T 24, skew −2.448, kurtosis 10.164",
        PSR,
        0.9134,
        4,
        lambda: probabilistic_sharpe(0.458, 24, skew=-2.448, kurtosis=10.164),
    ),
    Published(
        "The same, as if returns were normal",
        PSR,
        0.982,
        3,
        lambda: probabilistic_sharpe(0.458, 24),
    ),
    *(
        Published(
            f"Deflated Sharpe ratio: Sharpe 2.5/√250, variance 0.5/250, T 1250, skew −3, "
            f"kurtosis 10, N = {trials}",
            DSR,
            value,
            4,
            lambda trials=trials: _deflated(trials),
        )
        for trials, value in ((100, 0.9004), (46, 0.9505))
    ),
    *(
        Published(
            f"Minimum track record in years: yearly Sharpe 2 above 1 at 95 %, {name} returns",
            PSR,
            value,
            2,
            lambda periods=periods: _years(periods),
        )
        for name, periods, value in (
            ("daily", 252, 2.73),
            ("weekly", 52, 2.83),
            ("monthly", 12, 3.24),
        )
    ),
]

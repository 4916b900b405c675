"""A gate policy: each gate's threshold, and whether the verdict rests on it.

The documents are `resources/policies` and those of the workspace; see `contract/gate-policy.ts`,
which reads them and lays an idea's own thresholds over them. What arrives here is complete.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

RANGES: dict[str, tuple[float, float]] = {
    "lift": (0, 1),
    "folds_ahead": (0, 1),
    "rank_ic": (0, 1),
    "trials": (0.5, 0.9999),
    "net_sharpe": (0, 10),
    "probabilistic_sharpe": (0, 1),
    "deflated_sharpe": (0, 1),
    "overfitting": (0, 1),
    "track_record": (0, 100),
    "ic_after_costs": (0, 1),
    "stressed_sharpe": (0, 10),
    "capacity": (0, 1e6),
    "regimes": (0, 1),
}
"""Of each gate's threshold; outside of it a gate would pass or fail whatever an idea does."""


class Limit(BaseModel):
    """`decides` is whether the verdict rests on the gate; otherwise it is told for information.
    A gate on trading never decides on a volatility, which is a forecast of risk, not a profit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: float = Field(allow_inf_nan=False)
    decides: bool = True


def _told(threshold: float) -> Limit:
    return Limit(threshold=threshold, decides=False)


class Policy(BaseModel):
    """What holds where nothing is said is the policy `research`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    policy: str = Field(default="research", min_length=1, max_length=300)
    lift: Limit = Limit(threshold=0.005)
    folds_ahead: Limit = Limit(threshold=0.8)
    rank_ic: Limit = Limit(threshold=0)
    trials: Limit = Limit(threshold=0.95)
    net_sharpe: Limit = Limit(threshold=0.5)
    probabilistic_sharpe: Limit = _told(0.95)
    deflated_sharpe: Limit = Limit(threshold=0.95)
    overfitting: Limit = Limit(threshold=0.5)
    track_record: Limit = _told(1)
    ic_after_costs: Limit = _told(0)
    stressed_sharpe: Limit = _told(0)
    capacity: Limit = _told(1)
    regimes: Limit = _told(0.75)

    @field_validator(*RANGES)
    @classmethod
    def _in_range(cls, limit: Limit, info: ValidationInfo) -> Limit:
        least, most = RANGES[str(info.field_name)]
        if not least <= limit.threshold <= most:
            raise ValueError(f"the threshold must lie between {least:g} and {most:g}")
        return limit

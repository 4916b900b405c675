"""The `target` and `validation` parts of an idea, as a step's parameters carry them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

TargetKind = Literal["forward_return", "excess_return", "direction", "log_realised_volatility"]


class Target(BaseModel):
    """What is predicted: `kind`, and `horizon` in bars ahead."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: TargetKind
    horizon: int = Field(ge=1, le=252)


class Validation(BaseModel):
    """How the history is cut.

    Attributes:
        scheme: `expanding` keeps every earlier day in training; `rolling` keeps as many days as
            the first fold had; `cpcv` is expanding, and combinatorial purged cross-validation of
            what it found beside it.
        folds: number of consecutive test windows.
        first_train_fraction: share of the days before the first test window.
        embargo: bars left out between the purge and the test window.
        groups, test_groups: of `cpcv`: how many groups the days are cut into, and how many of them
            are tested at a time.
        hold_out: what no model is tested on that it was trained on, beside the time: symbols, or
            whole sectors. None tests every symbol by models that know its past.
        hold_out_parts: how many parts these are dealt into; each is predicted by models of its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scheme: Literal["expanding", "rolling", "cpcv"] = "expanding"
    folds: int = Field(default=6, ge=2, le=50)
    first_train_fraction: float = Field(default=0.4, gt=0, lt=1)
    embargo: int = Field(default=5, ge=0, le=252)
    groups: int = Field(default=10, ge=3, le=20)
    test_groups: int = Field(default=3, ge=1, le=19)
    hold_out: Literal["symbol", "sector"] | None = None
    hold_out_parts: int = Field(default=3, ge=2, le=10)

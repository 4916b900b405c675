"""Parameters of the backtest step."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from breadthflow_engine.validation.settings import Target

Strategy = Literal["long_short", "long_only", "inverse_volatility"]
Execution = Literal["next_open", "next_close"]


class Trading(BaseModel):
    """The `backtest` part of an idea.

    Attributes:
        strategy: `long_short` holds the top quantile against the bottom one, half the equity on
            each side; `long_only` the top quantile; `inverse_volatility` the whole universe, each
            weight in proportion to 1 / predicted volatility.
        quantile: share of the symbols held on a side.
        rebalance: bars between rebalances.
        execution: at which price of the bar after the signal's an order is filled.
        commission_bps, slippage_bps: of traded notional.
        borrow_bps_per_year: of short notional.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    strategy: Strategy
    quantile: float = Field(default=0.1, gt=0, le=0.5)
    rebalance: int = Field(default=5, ge=1, le=252)
    execution: Execution = "next_open"
    commission_bps: float = Field(default=1, ge=0, le=1000)
    slippage_bps: float = Field(default=5, ge=0, le=1000)
    borrow_bps_per_year: float = Field(default=50, ge=0, le=10_000)


class BacktestParams(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    backtest: Trading
    target: Target

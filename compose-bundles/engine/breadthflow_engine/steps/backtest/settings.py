"""Parameters of the backtest step."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from breadthflow_engine.backtest.settings import Trading
from breadthflow_engine.validation.settings import Target


class BacktestParams(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    backtest: Trading
    target: Target

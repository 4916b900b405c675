"""The `backtest` part of an idea, as a step's parameters carry it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Strategy = Literal["long_short", "long_only", "proportional", "inverse_volatility"]
Execution = Literal["next_open", "next_close", "next_vwap"]
Spread = Literal["none", "corwin_schultz", "abdi_ranaldo"]
Calendar = Literal["bar", "week", "month"]
Neutral = Literal["sector", "beta"]

BARS_PER_YEAR = 252


class Trading(BaseModel):
    """How predictions are traded.

    Attributes:
        strategy: `long_short` holds the top quantile against the bottom one, half the gross
            exposure on each side; `long_only` the top quantile; `proportional` every symbol, in
            proportion to its prediction less the mean of its day; `inverse_volatility` every
            symbol, in proportion to 1 / predicted volatility.
        quantile: share of the symbols held on a side.
        top_n: number of symbols held on a side, in place of `quantile`.
        gross: long plus short notional over equity that weights are scaled to.
        neutral: what long and short add up to nothing in: each sector, the market's beta.
        max_weight: largest absolute weight of a symbol.
        max_turnover: bought plus sold notional of a rebalance over equity.
        target_volatility: a year; scales the weights by the volatility that they had over the
            last 63 bars, up to `max_leverage` times.
        rebalance: a signal is traded every so many bars, weeks or months, by `calendar`.
        overlap: each rebalance renews one of so many equal parts of the book.
        execution: at which price of the bar after the signal's an order is filled; `next_vwap` is
            the mean of its open, high, low and close.
        commission_bps, slippage_bps: of traded notional.
        spread: the estimator of each symbol's bid-ask spread, half of which is paid on top.
        impact: Y of the square-root law: a trade of notional Q costs Y σ sqrt(Q / V) of it, with
            the symbol's daily volatility σ and daily volume V.
        participation: largest share of a bar's volume that is traded.
        capital: what the book starts with, in the currency of the prices.
        whole_shares: positions are whole numbers of shares.
        borrow_bps_per_year: of short notional.
        short_min_price, short_min_volume: symbols with a lower close, or a lower daily volume in
            money, cannot be borrowed.
        cash_rate: interest a year on cash; `margin_bps_per_year` is charged above it on debt.
        delisting_return: on the last price of a symbol whose bars have ended.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    strategy: Strategy
    quantile: float = Field(default=0.1, gt=0, le=0.5)
    top_n: int | None = Field(default=None, ge=1, le=10_000)
    gross: float = Field(default=1, gt=0, le=10)
    neutral: tuple[Neutral, ...] = ()
    max_weight: float | None = Field(default=None, gt=0, le=1)
    max_turnover: float | None = Field(default=None, gt=0, le=20)
    target_volatility: float | None = Field(default=None, gt=0, le=2)
    max_leverage: float = Field(default=2, gt=0, le=10)
    rebalance: int = Field(default=5, ge=1, le=252)
    calendar: Calendar = "bar"
    overlap: int = Field(default=1, ge=1, le=52)
    execution: Execution = "next_open"
    commission_bps: float = Field(default=1, ge=0, le=1000)
    slippage_bps: float = Field(default=5, ge=0, le=1000)
    spread: Spread = "none"
    impact: float = Field(default=0, ge=0, le=10)
    participation: float | None = Field(default=None, gt=0, le=1)
    capital: float = Field(default=1_000_000, gt=0, le=1e13)
    whole_shares: bool = False
    borrow_bps_per_year: float = Field(default=50, ge=0, le=10_000)
    short_min_price: float = Field(default=0, ge=0)
    short_min_volume: float = Field(default=0, ge=0)
    cash_rate: float = Field(default=0, ge=-0.1, le=1)
    margin_bps_per_year: float = Field(default=0, ge=0, le=10_000)
    delisting_return: float = Field(default=0, ge=-1, le=1)

    @model_validator(mode="after")
    def _neutral_needs_both_sides(self) -> Trading:
        if self.neutral and self.strategy not in ("long_short", "proportional"):
            raise ValueError(
                f"neutral needs a strategy with both sides (long_short, proportional), "
                f"not {self.strategy}"
            )
        return self

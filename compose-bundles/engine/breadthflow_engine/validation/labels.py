"""Labels: what a row at t is asked to predict, made only from rows after t."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.validation.settings import Target

VOLATILITY_FLOOR = 1e-4
"""Smallest realised volatility per bar (one basis point): a price that stands still for the whole
horizon has a volatility of 0, whose logarithm does not exist."""


def make_labels(bars: pl.LazyFrame, target: Target | Mapping[str, Any]) -> pl.DataFrame:
    """The label of every bar that has one.

    With h the horizon, C the close and r the close-to-close log return per bar of one symbol:

    - `forward_return`: C[t+h] / C[t] - 1, a fraction;
    - `excess_return`: the same less its equal-weight mean over the symbols labelled on day t;
    - `direction`: 1.0 if C[t+h] > C[t], else 0.0;
    - `log_realised_volatility`: log(max(sqrt(mean(r[t+1..t+h]²)), VOLATILITY_FLOOR)), of
      volatility per bar, not annualised.

    Args:
        bars: one row per symbol and date, with `symbol`, `date` and `close`.
        target: kind and horizon.

    Returns:
        `symbol`, `date`, `label` (Float64, finite) and `label_end`, the date of the last bar that
        the label is made from. Bars count per symbol, so where a symbol has a gap its `label_end`
        lies further away; the purge goes by this date. Rows without a label (the last h bars of a
        symbol, a missing or non-positive price) are left out. Sorted by symbol and date.

    Raises:
        StepError: `label.horizon_too_long` if no symbol has more bars than the horizon;
            `label.none` if no label can be made for another reason.
    """
    target = target if isinstance(target, Target) else Target.model_validate(target)
    horizon = target.horizon
    usable = (pl.col("close") > 0) & pl.col("close").is_finite()
    prices = (
        bars.select("symbol", "date", pl.when(usable).then("close").alias("close"))
        .sort("symbol", "date")
        .with_columns(pl.col("date").shift(-horizon).over("symbol").alias("label_end"))
    )
    labels = (
        prices.with_columns(_label(target).alias("label"))
        .filter(pl.col("label").is_not_null() & pl.col("label").is_finite())
        .select("symbol", "date", "label", "label_end")
    )
    if target.kind == "excess_return":
        labels = labels.with_columns(pl.col("label") - pl.col("label").mean().over("date"))
    made = labels.collect()
    if made.is_empty():
        _explain_no_labels(prices, target)
    return made


def _label(target: Target) -> pl.Expr:
    close = pl.col("close")
    h = target.horizon
    ahead = close.shift(-h).over("symbol") / close - 1
    if target.kind in ("forward_return", "excess_return"):
        return ahead
    if target.kind == "direction":
        return (ahead > 0).cast(pl.Float64)
    squared = (close / close.shift(1)).log() ** 2
    variance = squared.rolling_mean(h, min_samples=h).shift(-h).over("symbol")
    # The rolling sum can leave a tiny negative remainder where prices stand still.
    return variance.clip(0).sqrt().clip(VOLATILITY_FLOOR).log()


def _explain_no_labels(prices: pl.LazyFrame, target: Target) -> None:
    counts = prices.group_by("symbol").len().select(pl.col("len").max()).collect()
    longest = counts.item() or 0
    if longest <= target.horizon:
        raise StepError(
            "label.horizon_too_long",
            f"target.horizon is {target.horizon} bars, but the longest symbol has {longest}.",
            "Shorten target.horizon or use a data set with a longer history.",
            field="target.horizon",
            bars=longest,
        )
    raise StepError(
        "label.none",
        f"No {target.kind} label could be made: the closes are missing or not positive.",
        "Look at the findings of the check step, and repair the close column of the data set.",
        field="target.kind",
    )

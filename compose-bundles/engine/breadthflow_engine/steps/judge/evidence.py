"""What the verdict rests on, read from the artifacts of the steps before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Artifact

Series = NDArray[np.float64]
BASELINE = "baseline_"


@dataclass(frozen=True)
class Evidence:
    """Out-of-fold rank ICs by day, and returns by day.

    Attributes:
        days: `date` of each of the T days.
        fold, model_ic, baseline_ic: (T,), one a day on which ranks exist; a day on which a
            predictor gives every symbol the same value counts as an IC of 0.
        baseline: name of the best baseline, the one with the highest mean; None if there is none,
            `baseline_ic` is then 0.
        trial_ic: (T, K) rank ICs of the K trials of this run that were fitted on all folds, NaN
            where a day has none; K may be 0.
        accuracy: share of out-of-fold rows whose direction was right; None for volatilities.
        returns, benchmark_returns: (D,) net returns of the book and of equal weights.
        cost_rate: trading costs over traded notional, a fraction; None if nothing was traded.
        turnover: traded notional over equity, mean of a day.
        trading_cost: (D,) trading costs over equity.
        trials: fitted configurations to answer for.
    """

    days: pl.DataFrame
    fold: NDArray[np.int64]
    model_ic: Series
    baseline: str | None
    baseline_ic: Series
    trial_ic: Series
    accuracy: float | None
    returns: Series
    benchmark_returns: Series
    cost_rate: float | None
    turnover: float
    trading_cost: Series
    trials: int


def read_evidence(
    train: Artifact, backtest: Artifact, target_kind: str, trials_on_data: int
) -> Evidence:
    """Read the daily ICs, predictions and equity.

    Raises:
        StepError: `judge.no_ic` if no day has a rank IC.
    """
    daily = pl.read_parquet(train.file("ic.parquet")).sort("date")
    names = [name for name in daily.columns if name.startswith(BASELINE)]
    ranked = daily.with_columns(pl.col("model", *names).cast(pl.Float64).fill_nan(None)).filter(
        pl.any_horizontal(pl.col("model", *names).is_not_null())
    )
    if ranked.is_empty():
        raise StepError(
            "judge.no_ic",
            "The train artifact has no day with a rank IC, so there is nothing to judge.",
            "A rank IC needs two symbols or more with labels on a day: widen the universe.",
            file="ic.parquet",
        )
    ranked = ranked.with_columns(pl.col("model", *names).fill_null(0.0))
    best = max(names, key=lambda name: _mean(ranked[name]), default=None)
    equity = pl.read_parquet(backtest.file("equity.parquet")).slice(1)
    traded = float(equity["turnover"].sum())
    own_trials = train.summary.get("trials")
    return Evidence(
        days=ranked.select("date"),
        fold=ranked["fold"].cast(pl.Int64).to_numpy(),
        model_ic=ranked["model"].to_numpy(),
        baseline=None if best is None else best.removeprefix(BASELINE),
        baseline_ic=np.zeros(ranked.height) if best is None else ranked[best].to_numpy(),
        trial_ic=_trial_ic(train, ranked),
        accuracy=_accuracy(train, target_kind),
        returns=equity["net_return"].to_numpy(),
        benchmark_returns=equity["benchmark_return"].to_numpy(),
        cost_rate=float(equity["trading_cost"].sum()) / traded if traded > 0 else None,
        turnover=traded / max(1, equity.height),
        trading_cost=equity["trading_cost"].to_numpy(),
        # The ledger is written when the run is over, and so may not hold this run's own trials.
        trials=max(1, trials_on_data, own_trials if isinstance(own_trials, int) else 0),
    )


def _mean(series: pl.Series) -> float:
    return float(series.to_numpy().mean())


def _trial_ic(train: Artifact, ranked: pl.DataFrame) -> Series:
    trials = pl.read_parquet(train.file("trial_ic.parquet")).drop("fold")
    aligned = ranked.select("date").join(trials, on="date", how="left", maintain_order="left")
    return aligned.drop("date").cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _accuracy(train: Artifact, target_kind: str) -> float | None:
    if target_kind == "log_realised_volatility":
        return None
    middle = 0.5 if target_kind == "direction" else 0.0
    rows = pl.scan_parquet(train.file("predictions.parquet")).select(
        ((pl.col("prediction") > middle) == (pl.col("label") > middle)).mean()
    )
    return rows.collect().item()

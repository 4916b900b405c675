"""The step's files beside the model: predictions, leaderboard, trials, folds, daily ICs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.metrics import DailyRankIC, icir, mean_ic, rmse
from breadthflow_engine.steps.train.ic_series import ic_series
from breadthflow_engine.steps.train.panel import Panel
from breadthflow_engine.steps.train.search import TrialResult

LEADERBOARD_TRIALS = 50


@dataclass(frozen=True)
class Scored:
    """One line of the leaderboard, and the daily ICs behind it."""

    name: str
    engine: str
    kind: Literal["ensemble", "trial", "baseline"]
    daily_ic: list[NDArray[np.float64]]
    rmse: float | None
    fit_seconds: float
    params: dict[str, Any]

    @property
    def rank_ic(self) -> float:
        return mean_ic(np.concatenate(self.daily_ic))

    @property
    def fold_rank_ic(self) -> list[float]:
        return [mean_ic(ic) for ic in self.daily_ic]

    def line(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "engine": self.engine,
            "kind": self.kind,
            "rank_ic": finite(self.rank_ic),
            "icir": finite(icir(np.concatenate(self.daily_ic))),
            "rmse": finite(self.rmse),
            "fold_rank_ic": [finite(value) for value in self.fold_rank_ic],
            "fit_seconds": self.fit_seconds,
            "params": self.params,
        }


def score_predictions(
    name: str,
    engine: str,
    kind: Literal["ensemble", "baseline"],
    predictions: list[NDArray],
    rank_ics: list[DailyRankIC],
    labels: list[NDArray] | None,
    *,
    seconds: float = 0.0,
    params: dict[str, Any] | None = None,
) -> Scored:
    """Judge predictions, fold by fold; without `labels` (another unit) there is no RMSE."""
    error = rmse(np.concatenate(predictions), np.concatenate(labels)) if labels else None
    ics = [judge(part) for judge, part in zip(rank_ics, predictions, strict=True)]
    return Scored(name, engine, kind, ics, error, seconds, params or {})


def score_trials(results: list[TrialResult], labels: list[NDArray]) -> list[Scored]:
    """The best complete trials, best first."""
    sizes = [len(label) for label in labels]
    complete = [
        Scored(
            name=trial_name(result),
            engine=result.engine,
            kind="trial",
            daily_ic=result.daily_ic,
            rmse=math.sqrt(np.average(result.squared_errors, weights=sizes)),
            fit_seconds=result.seconds,
            params=result.params,
        )
        for result in results
        if result.state == "complete"
    ]
    complete.sort(key=lambda scored: -scored.rank_ic)
    return complete[:LEADERBOARD_TRIALS]


def trial_name(result: TrialResult) -> str:
    return f"{result.engine} #{result.number}"


def write_leaderboard(output: Path, scored: Iterable[Scored]) -> None:
    """`leaderboard.json`, best first."""
    lines = sorted((one.line() for one in scored), key=lambda line: -(line["rank_ic"] or -1.0))
    write_json(output / "leaderboard.json", lines)


def write_trials(output: Path, results: list[TrialResult]) -> None:
    """`trials.parquet`: every trial, whatever became of it; `params` as JSON text."""
    pl.DataFrame(
        {
            "number": [result.number for result in results],
            "engine": [result.engine for result in results],
            "params": [json.dumps(result.params, sort_keys=True) for result in results],
            "state": [result.state for result in results],
            "score": [finite(result.score) for result in results],
            "fold_scores": [result.fold_scores for result in results],
            "seconds": [result.seconds for result in results],
            "error": [result.error for result in results],
        },
        schema={
            "number": pl.Int32,
            "engine": pl.String,
            "params": pl.String,
            "state": pl.String,
            "score": pl.Float64,
            "fold_scores": pl.List(pl.Float64),
            "seconds": pl.Float64,
            "error": pl.String,
        },
    ).write_parquet(output / "trials.parquet", compression="zstd")


def write_predictions(
    output: Path,
    panel: Panel,
    tests: list[NDArray[np.intp]],
    model: list[NDArray],
    baselines: dict[str, list[NDArray]],
) -> pl.DataFrame:
    """`predictions.parquet`: out-of-fold rows only, sorted by symbol and date."""
    index = np.concatenate(tests)
    fold = np.repeat(np.arange(len(tests), dtype=np.int32), [len(test) for test in tests])
    frame = (
        panel.rows[index]
        .select("symbol", "date")
        .with_columns(
            pl.Series("fold", fold),
            pl.Series("label", panel.label[index]),
            pl.Series("prediction", np.concatenate(model)),
            *(
                pl.Series(f"baseline_{name}", np.concatenate(parts))
                for name, parts in baselines.items()
            ),
        )
        .sort("symbol", "date")
    )
    frame.write_parquet(output / "predictions.parquet", compression="zstd")
    return frame


def write_daily_ic(
    output: Path, rank_ics: list[DailyRankIC], date_type: pl.DataType, scored: list[Scored]
) -> None:
    """`ic.parquet`: daily rank IC of the model and each baseline; null where a day has none.

    And `ic.json`: the same as short series.
    """
    columns = [
        pl.Series(
            "model" if one.kind == "ensemble" else f"baseline_{one.name}",
            np.concatenate(one.daily_ic),
        ).fill_nan(None)
        for one in scored
    ]
    frame = pl.DataFrame([*_day_columns(rank_ics, date_type), *columns])
    frame.write_parquet(output / "ic.parquet", compression="zstd")
    write_json(output / "ic.json", ic_series(frame))


def write_trial_ic(
    output: Path, rank_ics: list[DailyRankIC], date_type: pl.DataType, results: list[TrialResult]
) -> None:
    """`trial_ic.parquet`: daily rank IC of every trial that was fitted on all folds, in columns
    `trial_NUMBER`; null where a day has none."""
    columns = [
        pl.Series(f"trial_{result.number}", np.concatenate(result.daily_ic)).fill_nan(None)
        for result in results
        if result.state == "complete"
    ]
    frame = pl.DataFrame([*_day_columns(rank_ics, date_type), *columns])
    frame.write_parquet(output / "trial_ic.parquet", compression="zstd")


def _day_columns(rank_ics: list[DailyRankIC], date_type: pl.DataType) -> list[pl.Series]:
    """`date` and `fold` of each day that is judged."""
    counts = [len(judge.days) for judge in rank_ics]
    days = pl.Series("date", np.concatenate([judge.days for judge in rank_ics]))
    if date_type == pl.Date:
        days = days.cast(pl.Int32)
    fold = np.repeat(np.arange(len(rank_ics), dtype=np.int32), counts)
    return [days.cast(date_type), pl.Series("fold", fold)]


def write_importance(output: Path, shares: dict[str, float]) -> None:
    """`importance.json`: the share of each feature in the final model, largest first."""
    ordered = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    write_json(
        output / "importance.json",
        [{"feature": name, "importance": share} for name, share in ordered],
    )


def write_json(path: Path, value: Any) -> None:
    text = json.dumps(value, indent=1, allow_nan=False)
    path.write_text(text, encoding="utf-8", newline="\n")


def finite(value: float | None) -> float | None:
    """JSON has no NaN: None instead."""
    return float(value) if value is not None and math.isfinite(value) else None

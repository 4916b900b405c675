"""Paths: how the final ensemble's configurations fare on recombined histories.

The search is not repeated. Its configurations were chosen by walk-forward over the whole history,
so the paths tell how much the result depends on the stretch of history that one learns from and is
tested on; they are no second proof of the edge, train on days after those that they test, and
decide nothing. Each is fitted anew on each split, features selected on its training rows, and
nothing is picked among the results, so the ledger does not count them as trials.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.metrics import DailyRankIC, mean_ic
from breadthflow_engine.models.baselines import predict_baseline
from breadthflow_engine.steps.train.blend import Blended
from breadthflow_engine.steps.train.panel import Panel
from breadthflow_engine.steps.train.results import finite, write_json
from breadthflow_engine.steps.train.rows import TrainingRows, evenly_spaced_days
from breadthflow_engine.steps.train.settings import Engine, TrainParams
from breadthflow_engine.validation import Combinations, Split, combinatorial_purged

MAX_TRAIN_ROWS = 20_000
"""Rows that a model of a split is fitted on at most; whole days are left out evenly."""

EDGE_ROWS = 5_000
"""Of these, rows that its 63 bins are cut by: finding edges takes as long as growing the trees."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Paths:
    """Attributes:
    made: groups, splits, and which split predicts a group on a path.
    stride: every so many days of a group are predicted; labels of the days between overlap.
    days: those days, by group.
    ic, baseline_ic: daily rank ICs, by split and group.
    baseline: name of the baseline.
    """

    made: Combinations
    stride: int
    days: list[NDArray[np.int64]]
    ic: list[dict[int, Floats]]
    baseline_ic: list[dict[int, Floats]]
    baseline: str

    def of(self, ics: list[dict[int, Floats]]) -> list[list[Floats]]:
        """Daily rank ICs by path and group."""
        return [
            [ics[split][group] for group, split in enumerate(path)]
            for path in self.made.paths.tolist()
        ]

    def summary(self) -> dict[str, Any]:
        ours = np.array([mean_ic(np.concatenate(path)) for path in self.of(self.ic)])
        theirs = np.array([mean_ic(np.concatenate(path)) for path in self.of(self.baseline_ic)])
        return {
            "count": len(ours),
            "mean": finite(float(ours.mean())),
            "deviation": finite(float(ours.std(ddof=1))) if len(ours) > 1 else None,
            "lowest": finite(float(ours.min())),
            "highest": finite(float(ours.max())),
            "above_baseline": float(np.mean(ours > theirs)),
        }


def fit_paths(
    panel: Panel,
    final: Blended,
    baseline: str,
    params: TrainParams,
    threads: int,
    told: Callable[[int, int, float], None],
) -> Paths:
    """Fit the members of `final` on every split and judge them on its tested groups.

    Args:
        told: called with the splits done, their number and the seconds left.

    Raises:
        StepError: those of `combinatorial_purged`.
    """
    cut = params.validation
    date, reach = (panel.rows[name].to_numpy() for name in ("date", "label_end"))
    made = combinatorial_purged(
        date, reach, groups=cut.groups, test_groups=cut.test_groups, embargo=cut.embargo
    )
    stride = max(1, min(params.target.horizon, 5))
    tests = [_every(panel.days, (date >= w.start) & (date <= w.end), stride) for w in made.groups]
    judges = [DailyRankIC(panel.days[test], panel.label[test]) for test in tests]
    engines: list[Engine] = sorted({member.engine for member in final.members})

    def fit(split: Split) -> tuple[dict[int, Floats], dict[int, Floats]]:
        train = np.flatnonzero(split.train_rows(date, reach))
        train = train[evenly_spaced_days(panel.days[train], MAX_TRAIN_ROWS)]
        groups = [window.group for window in split.windows]
        test = np.concatenate([tests[group] for group in groups])
        names = panel.selection.by_split[split.index]
        rows = TrainingRows(
            panel.matrix(train, names), panel.label[train], panel.days[train], engines, EDGE_ROWS
        )
        matrix = panel.matrix(test, names)
        prediction = np.zeros(len(test))
        for member, weight in zip(final.members, final.weights, strict=True):
            fitted = rows.fit(member.engine, member.params, params.automl.seed)
            prediction += weight * fitted.predict(matrix)
        naive = predict_baseline(baseline, panel.rows[train], panel.label[train], panel.rows[test])
        ends = np.cumsum([len(tests[group]) for group in groups])[:-1]
        parts = zip(groups, np.split(prediction, ends), np.split(naive, ends), strict=True)
        ours, theirs = {}, {}
        for group, own, other in parts:
            ours[group], theirs[group] = judges[group](own), judges[group](other)
        return ours, theirs

    started = time.monotonic()
    fitted = []
    with ThreadPoolExecutor(threads) as pool:
        for result in pool.map(fit, made.splits):
            fitted.append(result)
            left = (time.monotonic() - started) / len(fitted) * (len(made.splits) - len(fitted))
            told(len(fitted), len(made.splits), left)
    return Paths(
        made=made,
        stride=stride,
        days=[judge.days for judge in judges],
        ic=[ours for ours, _ in fitted],
        baseline_ic=[theirs for _, theirs in fitted],
        baseline=baseline,
    )


def _every(days: NDArray[np.int64], within: NDArray[np.bool_], stride: int) -> NDArray[np.intp]:
    """Row numbers of every `stride`-th day among some rows."""
    index = np.flatnonzero(within)
    _, place = np.unique(days[index], return_inverse=True)
    return index[place % stride == 0]


def write_paths(output: Path, paths: Paths, date_type: pl.DataType) -> None:
    """`paths.json`: what a fan of paths is drawn from.

    `groups` [{group, start, end, clear}] with inclusive days, `test_groups`, `splits`, `stride`
    (days between two that were judged), `baseline`; `month` (first days) and `paths`
    [{path, rank_ic, baseline_rank_ic, by_group, by_month}], mean daily rank ICs over the path, its
    groups and its months; `summary` {count, mean, deviation, lowest, highest, above_baseline (share
    of the paths)}. What has no rank IC is null.
    """
    days = pl.Series("date", np.concatenate(paths.days))
    if date_type == pl.Date:
        days = days.cast(pl.Int32)
    months = days.cast(date_type).dt.truncate("1mo").cast(pl.Date)
    first, place = np.unique(months.to_numpy(), return_inverse=True)
    lines = []
    both = zip(paths.of(paths.ic), paths.of(paths.baseline_ic), strict=True)
    for number, (ours, theirs) in enumerate(both):
        whole = np.concatenate(ours)
        by_month = [mean_ic(whole[place == month]) for month in range(len(first))]
        lines.append(
            {
                "path": number,
                "rank_ic": _rounded(mean_ic(whole)),
                "baseline_rank_ic": _rounded(mean_ic(np.concatenate(theirs))),
                "by_group": [_rounded(mean_ic(part)) for part in ours],
                "by_month": [_rounded(value) for value in by_month],
            }
        )
    document = {
        "groups": [
            {
                "group": window.group,
                **{name: str(getattr(window, name))[:10] for name in ("start", "end", "clear")},
            }
            for window in paths.made.groups
        ],
        "test_groups": len(paths.made.splits[0].windows),
        "splits": len(paths.made.splits),
        "stride": paths.stride,
        "baseline": paths.baseline,
        "month": [str(month) for month in first],
        "paths": lines,
        "summary": paths.summary(),
    }
    write_json(output / "paths.json", document)


def _rounded(value: float) -> float | None:
    known = finite(value)
    return None if known is None else round(known, 5)

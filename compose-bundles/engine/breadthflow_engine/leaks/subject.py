"""What the detectors look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.language import FeatureSpec, compile_features
from breadthflow_engine.language.look_ahead import Compiler
from breadthflow_engine.validation import Target
from breadthflow_engine.written import counted, fold_name

Floats = NDArray[Any]


@dataclass(frozen=True)
class FoldRows:
    """Rows of `labels` that one fold trained and tested on: `symbol`, `date`, `label_end`.

    `embargo` is how many bars were to be left out between the end of the last training label and
    the first test day. `trained` is how many rows the fold says it trained on; None where it does
    not say. `part` is the number of the part whose symbols were held out, and `held_out` are those.
    """

    index: int
    train: pl.DataFrame
    test: pl.DataFrame
    embargo: int
    trained: int | None = None
    part: int | None = None
    held_out: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[int, int | None]:
        return self.index, self.part

    @property
    def name(self) -> str:
        return fold_name(self.index, self.part)


@dataclass(frozen=True)
class Fitted:
    """Numbers that were fitted for a fold: `fit` makes them again from its training rows alone,
    of all `rows` (symbol, date and what the fit needs). `part`: see `FoldRows`."""

    name: str
    fold: int
    values: Floats
    rows: pl.DataFrame
    fit: Callable[[pl.DataFrame], Floats]
    part: int | None = None


@dataclass(frozen=True)
class Choices:
    """`scores`: (trials, folds) of each configuration on each test window; `chosen`: the number of
    the configuration that predicted each fold."""

    scores: Floats
    chosen: tuple[int, ...]


@dataclass(frozen=True)
class Pick:
    """What one fold's configurations were chosen by: the labels of `days`. `weights` are those that
    predicted the fold; `again` makes them from what those days told, None where that is not kept.
    `part`: see `FoldRows`.
    """

    fold: int
    days: pl.Series
    weights: Floats
    again: Callable[[], Floats] | None = None
    part: int | None = None


@dataclass(frozen=True)
class Pipeline:
    """From bars to predictions: `predict(bars, day)` gives `symbol` and `prediction` of that day
    from the bars it is given; `told` are `symbol`, `date` and `prediction` as they were used.
    `days`: those to compare."""

    predict: Callable[[pl.LazyFrame, dt.date], pl.DataFrame]
    told: pl.DataFrame
    days: tuple[dt.date, ...]


@dataclass(frozen=True)
class Subject:
    """A run, or the part of it that is known; a detector without its part is left out.

    Attributes:
        bars: symbol, date, open, high, low, close, volume, by symbol and date.
        labels: as `make_labels`.
        features: symbol, date and the features that models may use; some days are enough.
        specs, attributes, compiler: how `features` were made.
        cuts: days at which features are made again.
        adjustments: `symbol`, `date`, `factor`: prices before `date` were multiplied by `factor`
            later on, because of a split or the like.
        fills: symbol, signal_date, date, price_of, price.
        groups: `symbol` and the `group` that no model may both be trained and tested on.
    """

    target: Target
    bars: pl.DataFrame
    labels: pl.DataFrame | None = None
    features: pl.DataFrame | None = None
    specs: tuple[FeatureSpec, ...] = ()
    attributes: pl.DataFrame | None = None
    compiler: Compiler = compile_features
    cuts: tuple[dt.date, ...] = ()
    pipeline: Pipeline | None = None
    folds: tuple[FoldRows, ...] = ()
    fitted: tuple[Fitted, ...] = ()
    choices: Choices | None = None
    picks: tuple[Pick, ...] = ()
    adjustments: pl.DataFrame | None = None
    fills: pl.DataFrame | None = None
    groups: pl.DataFrame | None = None

    @property
    def folds_counted(self) -> str:
        """How many there are, in words."""
        folds = len({fold.index for fold in self.folds})
        parts = f" in {len(self.folds)} parts" if any(f.held_out for f in self.folds) else ""
        return counted(folds, "fold") + parts

    @property
    def feature_names(self) -> list[str]:
        if self.features is None:
            return []
        return [name for name in self.features.columns if name not in ("symbol", "date")]

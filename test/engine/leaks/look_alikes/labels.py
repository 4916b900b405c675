"""Features that tell of the label what was known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from planted.labels import of_label
from world import (
    HORIZON,
    KEY,
    LABEL,
    RETURN,
    SPECS,
    VOLATILITY,
    bars_of,
    folds_of,
    honest,
    returns,
    subject_of,
    with_feature,
)

from breadthflow_engine.language import FeatureSpec
from breadthflow_engine.leaks.subject import Subject
from breadthflow_engine.models.baselines import baseline_inputs, predict_baseline
from breadthflow_engine.validation import Target, make_labels
from look_alikes.look_alike import LookAlike


def bouncing() -> Subject:
    """Yesterday's return in a market whose prices bounce between bid and ask."""
    moves, volatility = returns(seed=11, bounce=0.45)
    specs = (*SPECS, FeatureSpec("return_1", "log_returns", 2))
    subject = subject_of(bars_of(moves, volatility), RETURN, specs)
    target = Target(kind=RETURN, horizon=1)
    labels = make_labels(subject.bars.lazy(), target)
    return replace(subject, target=target, labels=labels, folds=folds_of(labels), fitted=())


def har() -> Subject:
    """The predictions of the heterogeneous autoregression as a feature."""
    subject = honest()
    assert subject.labels is not None
    rows = subject.labels.join(
        baseline_inputs(subject.bars.lazy(), subject.target).collect(), on=KEY, how="left"
    )
    train = rows.join(subject.folds[0].train.select(KEY), on=KEY, how="semi")
    return with_feature(
        subject,
        rows.select(
            *KEY,
            pl.Series("alien", predict_baseline("har", train, train["label"].to_numpy(), rows)),
        ),
    )


def surprises() -> Subject:
    """Earnings days that are announced ahead: they tell of volatility to come, not of past one."""
    moves, volatility = returns(seed=12)
    rng = np.random.default_rng(13)
    shocks = np.zeros(moves.shape, dtype=bool)
    for symbol in range(moves.shape[1]):
        shocks[rng.integers(0, 60) :: 63, symbol] = True
    subject = subject_of(bars_of(moves + shocks * rng.normal(0, 0.06, moves.shape), volatility))
    ahead = np.zeros(moves.shape)
    for day in range(1, HORIZON + 1):
        ahead[:-day] += shocks[day:]
    values = subject.bars.select(KEY).with_columns(pl.Series("alien", ahead.T.ravel()))
    return with_feature(subject, values)


IN_LABELS = (
    LookAlike(
        "yesterday's return, IC −0.3",
        "prices bounce: it says far more of the past than of the future",
        bouncing,
    ),
    LookAlike(
        "HAR, IC near 0.5",
        "volatility remembers itself, and the forecast remembers it better still",
        har,
    ),
    LookAlike(
        "last week's label",
        "label of h bars ago: all of its bars are past",
        lambda: of_label(LABEL.shift(HORIZON), VOLATILITY),
    ),
    LookAlike(
        "last week's return as the label makes it",
        "an exact function of a label, but of a past one",
        lambda: of_label(LABEL.shift(HORIZON), RETURN),
    ),
    LookAlike(
        "earnings days announced ahead",
        "they tell of the future alone, as much as a calendar can",
        surprises,
    ),
)

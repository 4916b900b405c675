"""Symbols or sectors that were to be held out and were not."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from world import honest

from breadthflow_engine.leaks.subject import Subject
from planted.leak import Planted

SECTOR = pl.col("symbol").str.tail(2).cast(pl.Int32) % 8


def in_parts(part: pl.Expr, apart: bool = True) -> Subject:
    """Sectors are to be held out: each fold in two parts, predicted by what was fitted `apart` from
    their symbols or not. `part`: whether a symbol is in the second one."""
    subject = honest()
    assert subject.labels is not None
    folds = []
    for fold in subject.folds:
        for number, own in enumerate((~part, part)):
            train = fold.train.filter(~own) if apart else fold.train
            held_out = tuple(fold.test.filter(own)["symbol"].unique().sort())
            folds.append(
                replace(
                    fold, train=train, test=fold.test.filter(own), part=number, held_out=held_out
                )
            )
    groups = subject.labels.select("symbol").unique().with_columns(SECTOR.alias("group"))
    return replace(subject, folds=tuple(folds), groups=groups, fitted=())


IN_HELD_OUT = (
    Planted(
        "held-out symbols trained on",
        "each part is predicted by models that know the past of its own symbols",
        "held_out",
        lambda: in_parts(SECTOR >= 4, apart=False),
    ),
    Planted(
        "symbols held out where sectors were to be",
        "other symbols of the same sectors are trained on",
        "held_out",
        lambda: in_parts(pl.col("symbol") >= "S20"),
    ),
)

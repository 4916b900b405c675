"""The rows that each fold trained and tested on, and what it was to keep apart."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import polars as pl

from breadthflow_engine.leaks.subject import FoldRows
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.steps.train.provenance import HELD_OUT_FILE


def fold_rows(train: Artifact, labels: pl.DataFrame) -> tuple[FoldRows, ...]:
    """By the days and symbols that the training rows themselves have, not by those that they should
    have; one for each part of a fold where symbols are held out."""
    found = train.path / "folds.json"
    if not found.exists():
        return ()
    parts = _held_out(train)
    rows = labels.select("symbol", "date", "label_end")
    return tuple(
        _rows_of({**fold, **cell}, rows, parts[cell["part"]] if cell else {})
        for fold in json.loads(found.read_text("utf-8"))
        for cell in fold.get("parts", ({},))
    )


def _rows_of(fold: dict[str, Any], rows: pl.DataFrame, part: dict[str, Any]) -> FoldRows:
    def day(name: str) -> dt.date:
        return dt.date.fromisoformat(fold[name])

    def among(name: str) -> pl.Expr:
        return pl.col("symbol").is_in(part[name]) if part else pl.lit(True)

    return FoldRows(
        index=fold["fold"],
        train=rows.filter(
            pl.col("date").is_between(day("fitted_from"), day("fitted_until"))
            & (pl.col("label_end") <= day("labels_until"))
            & among("trained")
        ),
        test=rows.filter(
            pl.col("date").is_between(day("test_start"), day("test_end")) & among("symbols")
        ),
        embargo=fold["embargo_days"],
        trained=fold["train_rows"],
        part=part.get("part"),
        held_out=tuple(part.get("symbols", ())),
    )


def _held_out(train: Artifact) -> dict[int, dict[str, Any]]:
    path = train.path / HELD_OUT_FILE
    if not path.exists():
        return {}
    return {told["part"]: told for told in json.loads(path.read_text("utf-8"))}


def groups_of(
    train: Artifact, labels: pl.DataFrame, attributes: pl.DataFrame | None
) -> pl.DataFrame | None:
    """`symbol` and the `group` that the idea wants no model to be both trained and tested on."""
    by = (train.manifest.made_by.params.get("validation") or {}).get("hold_out")
    if by is None:
        return None
    symbols = labels.select("symbol").unique()
    if by == "symbol" or attributes is None:
        return symbols.with_columns(pl.col("symbol").alias("group"))
    return symbols.join(
        attributes.select("symbol", pl.col("sector").cast(pl.String).alias("group")), on="symbol"
    )

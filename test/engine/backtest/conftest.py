"""Artifacts as the steps before the backtest leave them, made from small tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from deltalake import write_deltalake

from breadthflow_engine.protocol.messages import MadeBy, Manifest, Progress, Resources
from breadthflow_engine.protocol.step import Artifact, Emitter, StepContext


def artifact(path: Path, kind: str, summary: dict[str, Any]) -> Artifact:
    path.mkdir(parents=True, exist_ok=True)
    made_by = MadeBy(
        step=kind, version="1", key=path.name, params={}, inputs={}, lock="", engine=""
    )
    return Artifact(
        path, Manifest(kind=kind, files=[], made_by=made_by, summary=summary, seconds=0)
    )


class RecordedContext(StepContext):
    """A context that remembers how far the step said that it was."""

    progress: list[float]


@pytest.fixture
def make_context(tmp_path: Path) -> Callable[[pl.DataFrame, pl.DataFrame], RecordedContext]:
    made = 0

    def make(market: pl.DataFrame, predictions: pl.DataFrame) -> RecordedContext:
        nonlocal made
        made += 1
        root = tmp_path / str(made)
        table = root / "table"
        table.mkdir(parents=True)
        write_deltalake(str(table), market.to_arrow())
        summary = {"name": "market", "table": str(table), "delta_version": 0}
        train = artifact(root / "train", "model", {})
        predictions.write_parquet(train.path / "predictions.parquet")
        output = root / "output"
        output.mkdir()
        told: list[float] = []
        context = RecordedContext(
            inputs={"bars": artifact(root / "bars", "bars", summary), "train": train},
            sources={},
            places={},
            output=output,
            emit=Emitter(lambda e: told.append(e.fraction) if isinstance(e, Progress) else None),
            resources=Resources(),
        )
        object.__setattr__(context, "progress", told)
        return context

    return make

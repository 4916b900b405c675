"""Small files of bars, and ingesting them into one table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.steps.ingest import STEP

HEADER = "symbol,date,open,high,low,close,volume\n"
Ingest = Callable[..., Artifact]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "data" / "prices"


@pytest.fixture
def ingest(run_step: Callable[..., Artifact], table: Path) -> Ingest:
    """`ingest(path, ..., **params)`: into the test's one table."""

    def run(*sources: Path, **params: Any) -> Artifact:
        return run_step(
            STEP,
            {"name": "prices", **params},
            sources={"source": list(sources)},
            places={"table": str(table)},
        )

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """`write(text_or_bytes, name)`: a source file."""

    def run(content: str | bytes, name: str = "prices.csv") -> Path:
        path = tmp_path / "sources" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return run


@pytest.fixture
def refused(ingest: Ingest, table: Path) -> Callable[..., StepError]:
    """`refused(path, ..., **params)`: the error that it ends in; no table is left behind."""

    def run(*sources: Path, **params: Any) -> StepError:
        with pytest.raises(StepError) as raised:
            ingest(*sources, **params)
        assert raised.value.hint
        assert not (table / "_delta_log").exists()
        return raised.value

    return run

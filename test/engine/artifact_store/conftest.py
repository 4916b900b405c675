"""Two workspaces that share a store, which is a folder here."""

from __future__ import annotations

from pathlib import Path

import pytest
from stored_artifacts import MADE, ObjectFolder, Workspace

from breadthflow_engine.artifact_store import ArtifactStore


@pytest.fixture
def objects(tmp_path: Path) -> ObjectFolder:
    (tmp_path / "bucket").mkdir()
    return ObjectFolder(tmp_path / "bucket")


@pytest.fixture
def store(objects: ObjectFolder) -> ArtifactStore:
    return ArtifactStore(lambda: objects, str(objects.root), name="s3://engine/artifacts")


@pytest.fixture
def workspace(tmp_path: Path, store: ArtifactStore) -> Workspace:
    MADE.clear()
    return Workspace(tmp_path / "one", store)


@pytest.fixture
def another(tmp_path: Path, store: ArtifactStore, workspace: Workspace) -> Workspace:
    """A second workspace with the same store, and nothing else of the first."""
    return Workspace(tmp_path / "another", store)

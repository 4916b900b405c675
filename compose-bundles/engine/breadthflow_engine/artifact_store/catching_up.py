"""Keeps what a workspace's cache has and the store lacks.

Processes may have made it before the workspace came to have a store, or the store was away when it
was made; a run in which every step is in the cache asks no engine for anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import structlog
from pydantic import ValidationError

from breadthflow_engine.artifact_store.store import (
    ArtifactStore,
    NotAsDescribed,
    StoreAway,
    is_kept_under,
)
from breadthflow_engine.artifacts import MANIFEST
from breadthflow_engine.protocol.messages import Manifest
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.source_tree import PACKAGE, SourceTree

log = structlog.get_logger(__name__)


def keep_all(cache: Path, store: ArtifactStore) -> int:
    """Keeps the artifacts of a workspace's cache, and returns how many the store lacked.

    One that cannot be kept is logged, and so is a store that is away: whoever calls this goes on
    without it.
    """
    kept = 0
    try:
        for artifact in _standing_alone(cache):
            made_by = artifact.manifest.made_by
            if store.holds(made_by.step, made_by.key):
                continue
            try:
                size = store.keep(artifact)
            except NotAsDescribed as fault:
                log.warning("not kept", artifact=str(artifact.path), reason=str(fault))
                continue
            kept += 1
            log.info("kept", of=made_by.step, key=made_by.key, bytes=size)
    except StoreAway as away:
        log.warning("the store is away", store=store.name, reason=str(away), kept=kept)
    return kept


def _standing_alone(cache: Path) -> Iterator[Artifact]:
    """The finished artifacts that are bound to nothing outside of them.

    What a step says of that is read in its source: importing all of them takes seconds.
    """
    tree = SourceTree()
    for folder in sorted(cache.iterdir()) if cache.is_dir() else []:
        module = f"{PACKAGE}.steps.{folder.name}"
        if not folder.name.isidentifier() or not tree.has(module):
            continue
        if "bound_to" in tree.step_fields(module):
            continue
        for place in sorted(folder.iterdir()):
            artifact = _artifact(place) if is_kept_under(folder.name, place.name) else None
            if artifact is not None:
                yield artifact


def _artifact(folder: Path) -> Artifact | None:
    """What its manifest says of it; its files are held against that when they are kept."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError):
        # Taken away meanwhile, or damaged: whoever asks for it is told.
        return None
    its_own = (manifest.made_by.step, manifest.made_by.key) == (folder.parent.name, folder.name)
    return Artifact(folder, manifest) if its_own else None

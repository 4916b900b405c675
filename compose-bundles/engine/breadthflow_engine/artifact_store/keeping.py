"""What one request has to do with the store. Nothing of it ever fails the step."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import structlog

from breadthflow_engine.artifact_store.store import (
    ArtifactStore,
    CopyRefused,
    NotAsDescribed,
    StoreAway,
    is_kept_under,
)
from breadthflow_engine.artifacts import publish
from breadthflow_engine.ledger import TrialBook, trials_in
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import Manifest
from breadthflow_engine.protocol.step import Artifact, Emitter, Step
from breadthflow_engine.staging import staging
from breadthflow_engine.steps import StepLoader

log = structlog.get_logger(__name__)


class Keeping:
    """Brings the artifact of a request back, and keeps it with those that it was made from.

    A store that is away is told of once and not asked again in this request: what it lacks is kept
    by a later one, to which it is an input.

    Args:
        store: None where none is configured; then nothing is done.
        step: the request's.
        load: finds the steps of its inputs.
        book: the ledger that the request's trials are written to.
        emit: where news go, trials by way of the book.
    """

    def __init__(
        self,
        store: ArtifactStore | None,
        step: Step[Any],
        load: StepLoader,
        book: TrialBook,
        emit: Emitter,
    ) -> None:
        self._store = store
        self._step = step
        self._load = load
        self._book = book
        self._emit = emit
        self._is_refused = False

    def bring_back(self, key: str, output: Path) -> Artifact | None:
        """The artifact under `key`, published at `output`, if the store has it whole."""
        store, step = self._store, self._step
        if store is None or step.bound_to or not is_kept_under(step.name, key):
            return None
        started = time.monotonic()
        try:
            with staging(output) as folder:
                text = store.fetch(step.name, key, folder, self._tell_progress)
                if text is None:
                    return None
                manifest = Manifest.model_validate_json(text)
                # First of all: once it is published it is in the cache, and nobody asks again.
                self._count_trials(Artifact(folder, manifest))
                artifact = publish(folder, output, manifest, text)
        except StoreAway as away:
            self._give_up(store, away)
            return None
        except CopyRefused as refused:
            self._is_refused = True
            self._emit.log(
                f"The copy of this step in {store.name} is refused: {refused}. "
                "The step is done anew.",
                level="warning",
                key=key,
            )
            return None
        size, seconds = _size(artifact), time.monotonic() - started
        self._emit.log(
            f"Brought back from {store.name} instead of being made: "
            f"{size / 1e6:.1f} MB in {seconds:.1f} s.",
            bytes=size,
            seconds=round(seconds, 3),
        )
        return artifact

    def keep(self, made: Artifact, inputs: Iterable[Artifact]) -> None:
        """Sees to it that the store has the artifact, and those that it was made from."""
        store = self._store
        if store is None:
            return
        kept = [artifact for artifact in inputs if self._is_to_be_kept(artifact)]
        if self._is_to_be_kept(made) and self._tells_its_trials():
            kept.append(made)
        try:
            for artifact in kept:
                made_by = artifact.manifest.made_by
                if artifact is made and self._is_refused:
                    store.withdraw(made_by.step, made_by.key)
                elif store.holds(made_by.step, made_by.key):
                    continue
                started = time.monotonic()
                size = store.keep(artifact)
                seconds = round(time.monotonic() - started, 3)
                log.info("kept", of=made_by.step, key=made_by.key, bytes=size, seconds=seconds)
        except StoreAway as away:
            self._give_up(store, away)
        except NotAsDescribed as fault:
            self._emit.log(
                f"An artifact of the workspace is not kept in {store.name}: {fault}.",
                level="warning",
            )

    def _is_to_be_kept(self, artifact: Artifact) -> bool:
        made_by = artifact.manifest.made_by
        if not is_kept_under(made_by.step, made_by.key):
            return False
        if made_by.step == self._step.name:
            return not self._step.bound_to
        try:
            step = self._load(made_by.step)
        except StepError:
            # Of an engine that had steps which this one lacks: it cannot say what they rest on.
            return False
        return step.name == made_by.step and not step.bound_to

    def _tells_its_trials(self) -> bool:
        """Trials that an artifact does not tell of would be forgotten when it is brought back."""
        if self._book.told == 0 or self._step.trials:
            return True
        self._emit.log(
            f"The step {self._step.name} made trials and does not say in which file they stand: "
            "its artifact is not kept.",
            level="warning",
        )
        return False

    def _count_trials(self, artifact: Artifact) -> None:
        """The workspace's ledger may not know them: it is told of all, and takes each once."""
        if not self._step.trials:
            return
        try:
            trials = trials_in(artifact, self._step.trials)
        except StepError as error:
            raise CopyRefused(error.detail) from error
        for trial in trials:
            self._emit.trial(trial)
        self._book.flush()

    def _give_up(self, store: ArtifactStore, away: StoreAway) -> None:
        self._store = None
        self._emit.log(
            f"{store.name} cannot be used: {away}. The step does without it: its artifact is in "
            "the workspace, and is kept by a later step that finds the store again.",
            level="warning",
        )

    def _tell_progress(self, done: int, total: int) -> None:
        self._emit.progress(
            done / max(1, total), "Bringing it back", done=done, total=total, unit="bytes"
        )


def _size(artifact: Artifact) -> int:
    return sum(file.bytes for file in artifact.manifest.files)

"""Trials, written down where the owner of a workspace takes them into its ledger.

Whoever has a configuration fitted on a workspace's bars, be it the workbench, a notebook that asks
the API or runs a step itself, or a shell, goes through `breadthflow_engine.runner`, which leaves a
line a trial in `WORKSPACE/ledger/PROCESS.jsonl`: {`data_set`, `artifact`, `at`, `trial`}. Files are
only ever added to. The owner reads on from where it stopped, and knows a trial by its artifact's
key, its number and its parameters, so that one that comes on two ways is counted once.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import structlog

from breadthflow_engine.artifacts import MANIFEST, flush
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import StepRequest, Trial
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.protocol.uris import to_path
from breadthflow_engine.workspace import INDEX_FILE

FOLDER = "ledger"
_KEY = re.compile(r"[0-9a-f]{64}")

log = structlog.get_logger(__name__)


class TrialBook:
    """Where the trials of one request are written; nothing is looked for before the first one."""

    def __init__(self, request: StepRequest) -> None:
        self._request = request
        self._place: tuple[str, Path] | None = None
        self._is_open = False
        self.told = 0

    def write(self, event: Any) -> None:
        """Keeps a trial; other events are passed over. A trial that cannot be kept is logged."""
        if not isinstance(event, Trial):
            return
        self.told += 1
        if not self._is_open:
            self._is_open = True
            self._place = _place_of(self._request)
            if self._place is None:
                log.warning("these trials are in no ledger: no workspace has their bars")
        if self._place is None:
            return
        data_set, folder = self._place
        line = {
            "data_set": data_set,
            "artifact": _key_of(self._request),
            "at": datetime.datetime.now(datetime.UTC).isoformat(),
            "trial": event.model_dump(mode="json"),
        }
        try:
            folder.mkdir(exist_ok=True)
            with _file(folder).open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            log.error("a trial is in no ledger", trial=event.number, reason=str(error))

    def flush(self) -> None:
        """Forces what was written to the disk; a ledger that cannot be is logged."""
        if self._place is None:
            return
        try:
            flush(_file(self._place[1]))
        except OSError as error:
            log.error("trials may be in no ledger when power fails", reason=str(error))


def trials_in(artifact: Artifact, name: str) -> list[Trial]:
    """The trials that an artifact tells of in its file `name`; see `Step.trials`.

    Raises:
        StepError: `artifact.file_missing` or `artifact.trials_unreadable`.
    """
    # The API process has no need of it.
    import polars as pl

    try:
        rows = pl.read_parquet(artifact.file(name)).to_dicts()
        return [Trial.model_validate({**row, "params": json.loads(row["params"])}) for row in rows]
    except (OSError, KeyError, TypeError, ValueError, pl.exceptions.PolarsError) as error:
        raise StepError(
            "artifact.trials_unreadable",
            f"{name} does not tell of the trials of the step {artifact.manifest.made_by.step}",
            "Run the step again: it makes them anew.",
            artifact=str(artifact.path),
        ) from error


def _file(folder: Path) -> Path:
    return folder / f"{os.getpid()}.jsonl"


def _place_of(request: StepRequest) -> tuple[str, Path] | None:
    """The name of the data set that the request's bars are of, and the ledger of its workspace:
    the one that has their table, or else the artifacts."""
    for uri in _inputs(request):
        manifest = _manifest(uri)
        if manifest.get("kind") != "bars":
            continue
        summary = manifest.get("summary", {})
        for place in (summary.get("table"), uri, request.output):
            workspace = _workspace_around(place)
            if workspace is not None:
                return str(summary.get("name", "")), workspace / FOLDER
    return None


def _workspace_around(uri: object) -> Path | None:
    try:
        path = to_path(str(uri))
    except StepError:
        return None
    return next((folder for folder in path.parents if (folder / INDEX_FILE).is_file()), None)


def _inputs(request: StepRequest) -> Iterator[str]:
    for given in request.inputs.values():
        yield from [given] if isinstance(given, str) else given


def _manifest(uri: str) -> dict[str, Any]:
    try:
        found = json.loads((to_path(uri) / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError, StepError):
        return {}
    return found if isinstance(found, dict) else {}


def _key_of(request: StepRequest) -> str:
    """The request's content key, or, where the caller computed none, a hash of what it asks for."""
    if _KEY.fullmatch(request.key):
        return request.key
    asked = {
        "step": request.step,
        "params": request.params,
        "seed": request.resources.seed,
        "inputs": [_manifest(uri).get("made_by", {}).get("key") or uri for uri in _inputs(request)],
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()

"""What processes have made comes into the store without any step being asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from stored_artifacts import ObjectFolder, files_of

from breadthflow_engine.artifact_store import ArtifactStore, keep_all
from breadthflow_engine.artifacts import MANIFEST, describe_files, publish
from breadthflow_engine.protocol.messages import MadeBy, Manifest

KEYS = {step: digit * 64 for step, digit in (("ingest", "1"), ("check", "2"), ("train", "3"))}


def make(cache: Path, step: str, key: str) -> Path:
    """An artifact as a step of the product leaves it."""
    aside = cache / "aside"
    aside.mkdir(parents=True)
    (aside / "file.txt").write_text(step, encoding="utf-8")
    made_by = MadeBy(step=step, version="1", key=key, params={}, inputs={}, lock="", engine="")
    files = describe_files(aside)
    manifest = Manifest(kind=step, files=files, made_by=made_by, summary={}, seconds=1)
    (cache / step).mkdir(exist_ok=True)
    return publish(aside, cache / step / key, manifest).path


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    for step, key in KEYS.items():
        make(tmp_path / "cache", step, key)
    return tmp_path / "cache"


def test_what_stands_alone_is_kept_once(cache: Path, store: ArtifactStore, objects: ObjectFolder):
    assert keep_all(cache, store) == 2
    for step in ("check", "train"):
        assert files_of(objects.root / step) == files_of(cache / step)
    assert not (objects.root / "ingest").exists()
    objects.done.clear()
    assert keep_all(cache, store) == 0
    assert objects.done == []


def test_what_is_no_artifact_of_the_step_and_key_that_it_lies_under_is_passed_over(
    cache: Path, store: ArtifactStore, objects: ObjectFolder
):
    key = KEYS["check"]
    whole = cache / "check" / key
    whole.rename(cache / "check" / ("4" * 64))
    make(cache, "train", "5" * 64).rename(cache / "train" / f"{'5' * 64}.damaged")
    (cache / "train" / KEYS["train"] / MANIFEST).write_text("{", encoding="utf-8")
    make(cache, "unknown", "6" * 64)
    make(cache, "train", "without-a-key")
    (cache / "loose.txt").touch()
    assert keep_all(cache, store) == 0
    assert objects.done == []


def test_a_damaged_one_keeps_no_other_from_being_kept(
    cache: Path, store: ArtifactStore, objects: ObjectFolder
):
    (cache / "check" / KEYS["check"] / "file.txt").write_text("chuck", encoding="utf-8")
    assert keep_all(cache, store) == 1
    assert not (objects.root / "check" / KEYS["check"] / MANIFEST).exists()
    assert files_of(objects.root / "train") == files_of(cache / "train")


def test_a_store_that_is_away_is_no_failure(
    cache: Path, store: ArtifactStore, objects: ObjectFolder
):
    objects.fails = lambda name: True
    assert keep_all(cache, store) == 0
    assert keep_all(cache / "nowhere", store) == 0


@pytest.mark.parametrize("configured", [True, False])
def test_it_is_a_command_of_its_own(tmp_path: Path, configured: bool):
    address = {
        "BREADTHFLOW_ARTIFACT_STORE": "s3://engine/artifacts",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "breadthflow_engine", "keep", str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **(address if configured else {})},
    )
    said = json.loads(ended.stdout)
    assert said == {"kept": 0} if configured else said["code"] == "artifact_store.none"
    assert ended.returncode == (0 if configured else 1)

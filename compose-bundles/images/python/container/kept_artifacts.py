"""What the engine keeps in its bucket: `python -m container.kept_artifacts [--older-than DAYS]`.

Prints how many artifacts of each step there are and what they take, all versions of their objects
together. With DAYS, those that were kept longer ago are taken out first, for good: a step whose
artifact is neither here nor in the workspace is done anew when it is asked for.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from container.object_store import SECRETS, client

BUCKET = "engine"
PREFIX = "artifacts/"
MANIFEST = "manifest.json"
AT_ONCE = 1000


@dataclass
class Kept:
    """All versions of the objects of one artifact, as the object store lists them."""

    versions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def at(self) -> datetime.datetime:
        return max(version["LastModified"] for version in self.versions)

    @property
    def bytes(self) -> int:
        return sum(version.get("Size", 0) for version in self.versions)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m container.kept_artifacts")
    parser.add_argument("--older-than", type=float, metavar="DAYS")
    days = parser.parse_args(arguments).older_than
    store = client(BUCKET, (SECRETS / f"{BUCKET}-s3-key").read_text())
    artifacts = listed(store)
    if days is not None:
        before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)
        old = {place for place, kept in artifacts.items() if kept.at < before}
        for place in sorted(old):
            take_out(store, artifacts.pop(place))
        sys.stdout.write(f"{len(old)} artifacts were taken out\n")
    steps: dict[str, list[Kept]] = defaultdict(list)
    for place, kept in artifacts.items():
        steps[place.partition("/")[0]].append(kept)
    for step, of_step in sorted(steps.items()):
        megabytes = sum(kept.bytes for kept in of_step) / 1e6
        sys.stdout.write(f"{step:10} {len(of_step):6} artifacts {megabytes:12.1f} MB\n")


def listed(store: Any) -> dict[str, Kept]:
    """What there is, by `STEP/KEY`."""
    artifacts: dict[str, Kept] = defaultdict(Kept)
    pages = store.get_paginator("list_object_versions").paginate(Bucket=BUCKET, Prefix=PREFIX)
    for page in pages:
        for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            parts = version["Key"].removeprefix(PREFIX).split("/")
            if len(parts) > 2:
                artifacts["/".join(parts[:2])].versions.append(version)
    return artifacts


def take_out(store: Any, kept: Kept) -> None:
    """The manifest first: what is left when this is cut off is no artifact."""
    versions = sorted(
        kept.versions, key=lambda version: not version["Key"].endswith(f"/{MANIFEST}")
    )
    for start in range(0, len(versions), AT_ONCE):
        names = [
            {"Key": version["Key"], "VersionId": version["VersionId"]}
            for version in versions[start : start + AT_ONCE]
        ]
        answer = store.delete_objects(Bucket=BUCKET, Delete={"Objects": names, "Quiet": True})
        for error in answer.get("Errors", []):
            sys.exit(f"The object store keeps {error['Key']}: {error['Code']} {error['Message']}")


if __name__ == "__main__":
    main(sys.argv[1:])

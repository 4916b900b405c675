"""What MLflow keeps of files, between the workspace's folder and a bucket, whole files each time.

Both keep a file under the same path, so that what the store says of it is right in both.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3

AT_ONCE = 8


def to_bucket(folder: Path, place: str) -> None:
    """Bring along what the bucket lacks, or has in another length."""
    store, bucket, prefix = opened(place)
    there = {key: size for key, size in objects(store, bucket, prefix)}
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []

    def send(path: Path) -> bool:
        key = prefix + path.relative_to(folder).as_posix()
        if there.get(key) == path.stat().st_size:
            return False
        store.upload_file(str(path), bucket, key)
        return True

    each("taken to the bucket", send, files)


def to_folder(place: str, folder: Path) -> None:
    """Bring home what the folder lacks, or has in another length."""
    store, bucket, prefix = opened(place)

    def fetch(found: tuple[str, int]) -> bool:
        key, size = found
        path = folder / key.removeprefix(prefix)
        if not path.resolve().is_relative_to(folder.resolve()):
            sys.exit(f"The bucket has an object that would not be in the folder: {key}")
        if path.exists() and path.stat().st_size == size:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.aside")
        store.download_file(bucket, key, str(aside))
        with aside.open("rb") as written:
            os.fsync(written.fileno())
        aside.replace(path)
        return True

    each("brought home from the bucket", fetch, list(objects(store, bucket, prefix)))


def opened(place: str) -> tuple[Any, str, str]:
    """The store, the bucket, and how the keys of `s3://bucket/prefix` begin."""
    address = urlsplit(place)
    return boto3.client("s3"), address.netloc, address.path.strip("/") + "/"


def objects(store: Any, bucket: str, prefix: str) -> Iterator[tuple[str, int]]:
    """Key and length of each object."""
    for page in store.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", []):
            yield item["Key"], item["Size"]


def each(what: str, move: Any, items: list[Any]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        moved = sum(threads.map(move, items))
    if moved:
        sys.stdout.write(f"{moved} of {len(items)} files were {what}\n")

"""Which store an engine was told to use: the only part that knows of S3.

`BREADTHFLOW_ARTIFACT_STORE=s3://BUCKET/PREFIX` switches it on; how it is reached stands in the
variables that every client of S3 reads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from breadthflow_engine.artifact_store.store import ArtifactStore
from breadthflow_engine.protocol.errors import StepError

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

VARIABLE = "BREADTHFLOW_ARTIFACT_STORE"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"(/[A-Za-z0-9][A-Za-z0-9._-]*)+")

# A store that is away must not be waited for: a step can do without it.
_CONNECT_S = 2.0
_SILENT_S = 10.0
_ATTEMPTS = 2


def configured_store(environment: Mapping[str, str]) -> ArtifactStore | None:
    """The store that the environment names, not yet asked for anything; None if it names none.

    Raises:
        StepError: `artifact_store.bad_address` or `artifact_store.no_credentials`.
    """
    address = environment.get(VARIABLE, "").rstrip("/")
    if not address:
        return None
    split = urlsplit(address)
    known = split.scheme == "s3" and _BUCKET.fullmatch(split.netloc)
    if not known or (split.path and not _PREFIX.fullmatch(split.path)):
        raise StepError(
            "artifact_store.bad_address",
            f"{VARIABLE}={address!r} is not the address of a store of artifacts.",
            "Give it as s3://BUCKET/PREFIX, or unset it.",
            variable=VARIABLE,
        )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        # Without them the client would look for a cloud's own service, for seconds each time.
        if not environment.get(name):
            raise StepError(
                "artifact_store.no_credentials",
                f"{VARIABLE} is set, and {name} is not.",
                f"Set {name}, or unset {VARIABLE}.",
                variable=name,
            )
    return ArtifactStore(lambda: _s3(environment), split.netloc + split.path, name=address)


def _s3(environment: Mapping[str, str]) -> FileSystem:
    # A tenth of a second, which a process without a store need not spend.
    from pyarrow.fs import AwsStandardS3RetryStrategy, S3FileSystem

    given = environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL")
    endpoint = urlsplit(given) if given else None
    return S3FileSystem(
        access_key=environment["AWS_ACCESS_KEY_ID"],
        secret_key=environment["AWS_SECRET_ACCESS_KEY"],
        session_token=environment.get("AWS_SESSION_TOKEN"),
        region=environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION", "us-east-1"),
        scheme=endpoint.scheme if endpoint else "https",
        endpoint_override=endpoint.netloc + endpoint.path.rstrip("/") if endpoint else None,
        connect_timeout=_CONNECT_S,
        request_timeout=_SILENT_S,
        retry_strategy=AwsStandardS3RetryStrategy(max_attempts=_ATTEMPTS),
        # What cannot be written is to be told by the write itself.
        background_writes=False,
        # A small file is one request instead of three.
        allow_delayed_open=True,
    )

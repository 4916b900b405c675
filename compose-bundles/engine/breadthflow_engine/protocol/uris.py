"""Places of artifacts and sources: URIs on the wire, paths inside."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from breadthflow_engine.protocol.errors import StepError


def to_path(uri: str) -> Path:
    """The local path of a `file:` URI or of a plain absolute path.

    Raises:
        StepError: `uri.unsupported` for another scheme, `uri.relative` for a relative path.
    """
    split = urlsplit(uri)
    # A drive letter looks like a scheme of one letter.
    if len(split.scheme) <= 1:
        path = Path(uri)
        if not path.is_absolute():
            raise StepError(
                "uri.relative",
                f"{uri!r} is not an absolute place.",
                "Give a file: URI or an absolute path.",
                uri=uri,
            )
        return path
    if split.scheme != "file":
        raise StepError(
            "uri.unsupported",
            f"Places with {split.scheme}: are not supported: {uri!r}.",
            "Use a file: URI.",
            uri=uri,
        )
    return Path(url2pathname(split.path))

"""The hashed lock of each environment, by which a manifest says what it was made with."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_LOCKS = Path(__file__).resolve().parent.parent / "locks"


@cache
def lock_sha256(environment: str) -> str:
    """SHA-256 of `locks/<environment>.txt` with `\\n` line ends; empty where no lock is shipped."""
    try:
        text = (_LOCKS / f"{environment}.txt").read_bytes()
    except FileNotFoundError:
        return ""
    return hashlib.sha256(text.replace(b"\r\n", b"\n")).hexdigest()

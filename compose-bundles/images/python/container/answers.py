"""Exits with 0 when a URL answers with 200: `python -m container.answers URL`."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request

TIMEOUT_S = 4

if __name__ == "__main__":
    try:
        with urllib.request.urlopen(sys.argv[1], timeout=TIMEOUT_S) as answer:
            sys.exit(0 if answer.status == 200 else 1)
    except (OSError, urllib.error.URLError) as error:
        sys.stdout.write(f"{error}\n")
        sys.exit(1)

"""Starts a command with secrets in its environment, where `docker inspect` does not show them.

`python -m container.with_secret VARIABLE=FILE... COMMAND...`; a file that is not there is not needed.
"""

from __future__ import annotations

import os
import sys
from itertools import takewhile
from pathlib import Path

if __name__ == "__main__":
    secrets = list(takewhile(lambda argument: "=" in argument, sys.argv[1:]))
    for secret in secrets:
        variable, _, file = secret.partition("=")
        if Path(file).exists():
            os.environ[variable] = Path(file).read_text()
    command = sys.argv[1 + len(secrets) :]
    os.execvp(command[0], command)

"""Starts a command with a secret in its environment, where `docker inspect` does not show it.

`python -m container.with_secret VARIABLE FILE COMMAND...`; a file that is not there is not needed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    variable, file, *command = sys.argv[1:]
    if Path(file).exists():
        os.environ[variable] = Path(file).read_text()
    os.execvp(command[0], command)

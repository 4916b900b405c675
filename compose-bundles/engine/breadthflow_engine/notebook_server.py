"""JupyterLab on a folder: `python -m breadthflow_engine.notebook_server FOLDER --port PORT`.

Its token comes in the variable JUPYTER_TOKEN. Notebooks to begin with are laid into the folder
where they are missing; one that is there belongs to whoever changed it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path


def place_starters(starters: Path, folder: Path) -> list[str]:
    """Copies notebooks that are not there yet; returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [one for one in sorted(starters.glob("*.ipynb")) if not (folder / one.name).exists()]
    for one in missing:
        shutil.copyfile(one, folder / one.name)
    return [one.name for one in missing]


def lab_arguments(folder: Path, host: str, port: int) -> list[str]:
    return [
        f"--ServerApp.ip={host}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.open_browser=False",
        # Against DNS rebinding: a page under another name than loopback's must not reach it, also
        # where a container's port forwards to it.
        "--ServerApp.allow_remote_access=False",
        "--ServerApp.terminals_enabled=False",
        # Whoever runs the workbench as root has decided so; a container has a user of its own.
        "--ServerApp.allow_root=True",
        # Nothing leaves this machine.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m breadthflow_engine.notebook_server")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--starters", type=Path)
    options = parser.parse_args(arguments)
    if not os.environ.get("JUPYTER_TOKEN"):
        sys.exit("JupyterLab does not start without a token: set JUPYTER_TOKEN.")
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if options.starters is not None:
        for name in place_starters(options.starters, folder):
            sys.stdout.write(f"{name} is there to begin with\n")
    from jupyterlab.labapp import main as lab  # pyright: ignore[reportMissingImports]

    lab(lab_arguments(folder, options.host, options.port))


if __name__ == "__main__":
    main()

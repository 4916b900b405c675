"""Starts MLServer on a folder of settings: `python -m breadthflow_engine.serving.model_server DIR`.

MLServer's own command does not start on Windows, where one of the signals that it listens for and
the event loop's signal handlers do not exist; there its supervisor ends the process instead.
"""

from __future__ import annotations

import signal
import sys


def main() -> None:
    if sys.platform == "win32":
        signal.SIGQUIT = signal.SIGTERM  # pyright: ignore[reportAttributeAccessIssue]
        from mlserver.server import MLServer  # pyright: ignore[reportMissingImports]

        MLServer._add_signal_handlers = lambda _: None

    from mlserver.cli import main as command  # pyright: ignore[reportMissingImports]

    sys.argv[1:1] = ["start"]
    command()


if __name__ == "__main__":
    main()

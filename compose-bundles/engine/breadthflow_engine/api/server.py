"""Serving the API: the port, the parent, the end."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import os
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from breadthflow_engine.api.app import create_app
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.workers.pool import JobPool

TOKEN_VARIABLE = "BREADTHFLOW_ENGINE_TOKEN"


@dataclass(frozen=True)
class Serving:
    """How to serve. Port 0 takes any free one; `port_file` gets its number. `names` are those by
    which a container's neighbours call it, for whom `metrics_token_file` opens the metrics."""

    host: str = "127.0.0.1"
    port: int = 0
    port_file: Path | None = None
    token_file: Path | None = None
    metrics_token_file: Path | None = None
    names: tuple[str, ...] = ()
    exit_with_parent: bool = False


def serve(options: Serving, *, pool: Callable[[], JobPool] | None = None) -> None:
    """Serves until it is told to end. One JSON line on stdout says where, once it listens.

    Raises:
        StepError: `engine.no_token`, `engine.not_loopback` or `engine.port_taken`.
    """
    token = read_token(options.token_file)
    listening = listen(options.host, options.port)
    asyncio.run(_serve(options, token, listening, pool or JobPool))


async def _serve(
    options: Serving,
    token: str,
    listening: socket.socket,
    make_pool: Callable[[], JobPool],
) -> None:
    pool = make_pool()
    file = options.metrics_token_file
    app = create_app(
        token, pool=pool, metrics_token=read_token(file) if file else None, names=options.names
    )
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    server = _Server(config, pool, options.port_file)
    if options.exit_with_parent:
        threading.Thread(target=_watch_stdin, args=(server,), daemon=True).start()
    await server.serve(sockets=[listening])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, pool: JobPool, port_file: Path | None) -> None:
        super().__init__(config)
        self._pool = pool
        self._port_file = port_file

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        assert sockets is not None
        host, port = sockets[0].getsockname()[:2]
        if self._port_file is not None:
            aside = self._port_file.with_name(f"{self._port_file.name}.{os.getpid()}")
            aside.write_text(f"{port}\n", encoding="ascii")
            aside.replace(self._port_file)
        sys.stdout.write(json.dumps({"host": host, "port": port, "pid": os.getpid()}) + "\n")
        sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # First the jobs: their event streams then end by themselves.
        await self._pool.close()
        await super().shutdown(sockets=sockets)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on a loopback address.

    Raises:
        StepError: `engine.not_loopback` or `engine.port_taken`.
    """
    address = "127.0.0.1" if host == "localhost" else host
    try:
        loopback = ipaddress.ip_address(address).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise StepError(
            "engine.not_loopback",
            f"The engine listens on this machine only, not on {host}.",
            "Use --host 127.0.0.1.",
            host=host,
        )
    opened = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    if os.name != "nt":
        # On Windows this would let two processes have one port.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((address, port))
        opened.listen(128)
    except OSError as error:
        opened.close()
        raise StepError(
            "engine.port_taken",
            f"The engine cannot listen on {address}:{port}: {error.strerror}.",
            "End the program that has this port, or use --port 0 for a free one.",
            host=address,
            port=port,
        ) from error
    return opened


def read_token(file: Path | None) -> str:
    """The token from a private file, or else from the environment.

    Raises:
        StepError: `engine.no_token` or `engine.token_not_private`.
    """
    if file is None:
        # Taken out, so that no worker inherits it.
        token = os.environ.pop(TOKEN_VARIABLE, "").strip()
    else:
        try:
            token = file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise _no_token(f"{file} cannot be read: {error.strerror}") from error
        if os.name != "nt" and file.stat().st_mode & 0o077:
            raise StepError(
                "engine.token_not_private",
                f"Others can read the token in {file}.",
                f"chmod 600 {file}",
                file=str(file),
            )
    if not token:
        raise _no_token(f"{file or TOKEN_VARIABLE} is empty")
    return token


def _no_token(why: str) -> StepError:
    return StepError(
        "engine.no_token",
        f"The engine does not start without a token: {why}.",
        f"Set {TOKEN_VARIABLE}, or name a file of mode 0600 with --token-file.",
    )


def _watch_stdin(server: uvicorn.Server) -> None:
    """The parent holds the other end of stdin: when it closes, the parent is gone."""
    while os.read(0, 4096):
        pass
    server.should_exit = True

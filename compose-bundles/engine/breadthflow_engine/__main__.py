"""`python -m breadthflow_engine`: serve the API, run one step, or say what there is."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pydantic import ValidationError

from breadthflow_engine.logging import configure_logging
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import StepEvent, StepRequest
from breadthflow_engine.steps import STEP_ENVIRONMENTS, StepLoader, load_step
from breadthflow_engine.workspace import CACHE_FOLDER
from breadthflow_engine.workspace import VARIABLE as WORKSPACE_VARIABLE

if TYPE_CHECKING:
    from breadthflow_engine.workers.pool import JobPool


def main(
    arguments: Sequence[str] | None = None,
    *,
    load: StepLoader = load_step,
    pool: Callable[[], JobPool] | None = None,
) -> int:
    """Runs a command. Results go to stdout, logs to stderr; 0 means success and nothing else.

    `load` finds steps by name for `run-step`; `pool` makes what does the jobs of `serve`.
    """
    options = _parser().parse_args(arguments)
    configure_logging(os.environ.get("BREADTHFLOW_LOG_LEVEL", "info").upper())
    try:
        if options.command == "serve":
            _serve(options, pool)
        elif options.command == "run-step":
            _run_step(options, load)
        elif options.command == "keep":
            _keep(options.workspace)
        elif options.command == "compile":
            _compile(load)
        elif options.command == "capabilities":
            _capabilities()
        else:
            _openapi()
    except StepError as error:
        _say(error.problem())
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m breadthflow_engine", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    serve = commands.add_parser("serve", help="serve the HTTP API on loopback")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=0, help="0 takes any free one")
    serve.add_argument("--port-file", type=Path, help="gets the port's number, once it listens")
    serve.add_argument("--token-file", type=Path, help="instead of BREADTHFLOW_ENGINE_TOKEN")
    serve.add_argument("--metrics-token-file", type=Path, help="its token opens /metrics only")
    serve.add_argument("--name", action="append", default=[], help="a container's name for it")
    serve.add_argument("--exit-with-parent", action="store_true", help="end when stdin is closed")

    run = commands.add_parser("run-step", help="run one step and print its manifest")
    run.add_argument("request", metavar="STEP.json", help="a step request; - reads stdin")
    run.add_argument(
        "--events", metavar="FILE", help="write events as JSON lines; - writes them to stdout"
    )

    keep = commands.add_parser("keep", help="bring what a workspace's cache has into the store")
    keep.add_argument("workspace", type=Path, metavar="FOLDER")

    commands.add_parser("compile", help="compile every loop once, which the first run then has")
    commands.add_parser("capabilities", help="print the steps and their versions")
    commands.add_parser("openapi", help="print the description of the HTTP API")
    return parser


def _serve(options: argparse.Namespace, pool: Callable[[], JobPool] | None) -> None:
    from breadthflow_engine.api.server import Serving, serve
    from breadthflow_engine.artifact_store import configured_store
    from breadthflow_engine.workers.pool import JobPool

    # Its workers use it; what is wrong with it is told before anything is served.
    store = configured_store(os.environ)
    workspace = os.environ.get(WORKSPACE_VARIABLE)
    if store is not None and workspace:
        threading.Thread(target=_catch_up, args=(workspace,), daemon=True).start()
    serve(
        Serving(
            host=options.host,
            port=options.port,
            port_file=options.port_file,
            token_file=options.token_file,
            metrics_token_file=options.metrics_token_file,
            names=tuple(options.name),
            exit_with_parent=options.exit_with_parent,
        ),
        pool=pool or JobPool,
    )


def _catch_up(workspace: str) -> None:
    """In a process of its own: it reads and hashes what may be much, and nobody waits for it."""
    command = [sys.executable, "-m", "breadthflow_engine", "keep", workspace]
    subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def _keep(workspace: Path) -> None:
    from breadthflow_engine.artifact_store import configured_store, keep_all

    store = configured_store(os.environ)
    if store is None:
        raise StepError(
            "artifact_store.none",
            "No store of artifacts is configured.",
            "Name one in BREADTHFLOW_ARTIFACT_STORE.",
        )
    if hasattr(os, "nice"):
        # Steps that run meanwhile come first.
        os.nice(10)
    _say({"kept": keep_all(workspace / CACHE_FOLDER, store)})


def _run_step(options: argparse.Namespace, load: StepLoader) -> None:
    from breadthflow_engine.artifact_store import configured_store
    from breadthflow_engine.protocol.step import Emitter
    from breadthflow_engine.runner import run_request

    store = configured_store(os.environ)
    request = _read_request(options.request)
    with _events_file(options.events) as file, _Deadline(request):

        def send(event: StepEvent) -> None:
            if file is not None:
                file.write(event.model_dump_json() + "\n")
                file.flush()

        manifest = run_request(request, Emitter(send), load=load, store=store)
    _say(manifest.model_dump(mode="json"))


def _read_request(name: str) -> StepRequest:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise StepError(
            "request.unreadable",
            f"The step request {name} cannot be read: {error.strerror}.",
            "Give the path of a JSON file.",
            file=name,
        ) from error
    try:
        return StepRequest.model_validate_json(text)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"])
        raise StepError(
            "request.invalid",
            f"The step request {name} is not valid: {field or 'JSON'}: {fault['msg']}.",
            "Correct the named field.",
            file=name,
            field=field,
        ) from error


def _events_file(name: str | None) -> Any:
    if name is None:
        return nullcontext(None)
    return nullcontext(sys.stdout) if name == "-" else Path(name).open("w", encoding="utf-8")


class _Deadline:
    """Ends this process, and what it started, when the request's time is up."""

    def __init__(self, request: StepRequest) -> None:
        self._request = request
        seconds = request.resources.deadline_s
        self._timer = threading.Timer(seconds, self._end) if seconds else None

    def __enter__(self) -> None:
        if self._timer is not None:
            self._timer.daemon = True
            self._timer.start()

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _end(self) -> None:
        from breadthflow_engine.protocol.errors import past_deadline
        from breadthflow_engine.workers.process_tree import kill_descendants

        _say(past_deadline(self._request.step, self._request.resources.deadline_s).problem())
        kill_descendants()
        os._exit(1)


def _compile(load: StepLoader) -> None:
    """Loops are compiled when their module is imported, and kept beside it."""
    for name in STEP_ENVIRONMENTS:
        load(name)


def _capabilities() -> None:
    from breadthflow_engine.capabilities import CapabilityReader

    _say(CapabilityReader().read().model_dump(mode="json"))


def _openapi() -> None:
    from breadthflow_engine.api.app import create_app

    _say(create_app("not needed to describe it").openapi(), indent=2)


def _say(answer: dict[str, Any], indent: int | None = None) -> None:
    out: IO[str] = sys.stdout
    out.write(json.dumps(answer, indent=indent, ensure_ascii=False) + "\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main())

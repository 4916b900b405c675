"""Small steps by which the engine's machinery is tested, and the programs that know them.

`python trial_steps.py worker ENVIRONMENT` is a worker, `python trial_steps.py serve ...` an engine
and `python trial_steps.py run-step ...` the command line, each with these steps instead of the
product's.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import Trial
from breadthflow_engine.protocol.step import Outcome, Step, StepContext

_NAMES = ("write", "sleep", "die", "grow", "print", "refuse", "babble", "fit")
STEPS: Mapping[str, str] = dict.fromkeys(_NAMES, "core")


class Params(BaseModel):
    text: str = "hello"
    seconds: float = 60
    megabytes: int = 0
    child: bool = False


def write(params: Params, context: StepContext) -> Outcome:
    for done in range(1, 6):
        context.emit.metric("written", done, done)
    (context.output / "text.txt").write_text(params.text, encoding="utf-8")
    return Outcome(kind="text", summary={"length": len(params.text), "pid": os.getpid()})


def sleep(params: Params, context: StepContext) -> Outcome:
    """Says its process and its child's, then waits."""
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    child = subprocess.Popen(command).pid if params.child else 0
    context.emit.metric("pid", os.getpid())
    context.emit.metric("child", child)
    time.sleep(params.seconds)
    return write(params, context)


def die(params: Params, context: StepContext) -> Outcome:
    (context.output / "half.txt").write_text("half", encoding="utf-8")
    os._exit(3)


def grow(params: Params, context: StepContext) -> Outcome:
    _kept.append(b"x" * (params.megabytes << 20))
    return write(params, context)


def print_(params: Params, context: StepContext) -> Outcome:
    """Writes to stdout in every way that a library may, and reads from stdin."""
    print("not a line of the protocol")  # noqa: T201
    os.write(1, b"nor is this\n")
    subprocess.run([sys.executable, "-c", "print('nor this'); input()"], check=False)
    return write(params, context)


def babble(params: Params, context: StepContext) -> Outcome:
    """Writes into every open descriptor, the worker's own pipe among them."""
    for descriptor in range(3, 20):
        with contextlib.suppress(OSError):
            os.write(descriptor, b"nonsense\n")
    time.sleep(params.seconds)
    return write(params, context)


def refuse(params: Params, context: StepContext) -> Outcome:
    raise StepError("trial.refused", "It was refused.", "Ask for something else.", field="text")


def fit(params: Params, context: StepContext) -> Outcome:
    """Tries three configurations, of which one fails."""
    for number, state in enumerate(("complete", "failed", "pruned")):
        context.emit.trial(Trial(number=number, engine="ridge", params={"a": number}, state=state))
    return write(params, context)


_kept: list[bytes] = []
_RUN = {
    "write": write,
    "sleep": sleep,
    "die": die,
    "grow": grow,
    "print": print_,
    "refuse": refuse,
    "babble": babble,
    "fit": fit,
}


def load(name: str) -> Step[Any]:
    inputs = ("bars?",) if name == "fit" else ()
    return Step(name=name, version="1", params=Params, run=_RUN[name], inputs=inputs)


def worker_command(environment: str) -> list[str]:
    return [sys.executable, str(Path(__file__)), "worker", environment]


if __name__ == "__main__":
    from breadthflow_engine import __main__ as command_line
    from breadthflow_engine.workers import process
    from breadthflow_engine.workers.pool import JobPool

    if sys.argv[1] == "worker":
        process.main(sys.argv[2], load=load)
    else:
        sys.exit(
            command_line.main(
                sys.argv[1:],
                load=load,
                pool=lambda: JobPool(STEPS, worker_command, rss_limit_mb=400),
            )
        )

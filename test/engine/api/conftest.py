"""A real engine process with the trial steps, and a client for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

TRIAL = Path(__file__).resolve().parents[1] / "programs" / "trial_steps.py"
TOKEN = "t0ken-of-the-tests"


@dataclass
class Engine:
    """A running engine. `wait` follows a job to its end."""

    process: subprocess.Popen[str]
    client: httpx.Client
    port: int
    folder: Path

    def submit(self, step: str, output: str, **fields: Any) -> dict[str, Any]:
        request = {"step": step, "output": (self.folder / output).as_uri(), **fields}
        answer = self.client.post("/jobs", json=request)
        assert answer.status_code == 202, answer.text
        return answer.json()

    def events(self, job: str, after: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
        headers = {"Last-Event-ID": str(after)}
        with self.client.stream("GET", f"/jobs/{job}/events", headers=headers) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            number = 0
            for line in answer.iter_lines():
                if line.startswith("id: "):
                    number = int(line[4:])
                elif line.startswith("data: "):
                    yield number, json.loads(line[6:])

    def wait(self, job: str) -> dict[str, Any]:
        for _ in self.events(job):
            pass
        return self.client.get(f"/jobs/{job}").json()

    def metric(self, job: str, name: str) -> int:
        """Waits until the job says a metric."""
        for _, event in self.events(job):
            if event["kind"] == "metric" and event["name"] == name:
                return int(event["value"])
        raise AssertionError(f"the job ended without {name}")

    def workers(self) -> list[int]:
        return [
            child.pid
            for child in psutil.Process(self.process.pid).children()
            if "worker" in child.cmdline()
        ]


StartEngine = Callable[..., Engine]


@pytest.fixture(scope="session")
def start_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartEngine]:
    started: list[Engine] = []

    def start(*arguments: str) -> Engine:
        folder = tmp_path_factory.mktemp("engine")
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, str(TRIAL), "serve", *arguments],
                env={**os.environ, "BREADTHFLOW_ENGINE_TOKEN": TOKEN},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said, (folder / "log").read_text()
        port = json.loads(said)["port"]
        client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {TOKEN}"},
            timeout=30,
        )
        started.append(Engine(process, client, port, folder))
        return started[-1]

    yield start
    for engine in started:
        engine.client.close()
        engine.process.terminate()
        engine.process.wait(10)


@pytest.fixture(scope="session")
def engine(start_engine: StartEngine) -> Engine:
    return start_engine()


def is_gone(pid: int, seconds: float = 5) -> bool:
    """Whether a process ends within that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def gone() -> Callable[[int], bool]:
    return is_gone

"""A real MLflow server, and artifacts as the steps before register leave them."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from breadthflow_engine.protocol.messages import MadeBy, Manifest, Resources
from breadthflow_engine.protocol.step import Artifact, Emitter, Outcome, StepContext

REPOSITORY = Path(__file__).resolve().parents[3]


def tracking_python() -> Path | None:
    """The interpreter of the tracking environment, named by the test command or made by set-up."""
    named = os.environ.get("BREADTHFLOW_TRACKING_PYTHON")
    below = Path("Scripts/python.exe") if os.name == "nt" else Path("bin/python")
    candidates = [Path(named)] if named else []
    candidates.append(REPOSITORY / ".venv" / "tracking" / below)
    return next((python for python in candidates if python.exists()), None)


@pytest.fixture(scope="session")
def tracking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an MLflow server of the tests' own."""
    python = tracking_python()
    if python is None:
        pytest.skip(
            "NO MLFLOW SERVER: the register step is not tested. Set BREADTHFLOW_TRACKING_PYTHON "
            "to the interpreter of the tracking environment, or let `npm test` make it."
        )
    folder = tmp_path_factory.mktemp("mlflow")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [str(python), "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--backend-store-uri", f"sqlite:///{(folder / 'mlflow.db').as_posix()}"]
    command += ["--artifacts-destination", (folder / "artifacts").as_uri(), "--serve-artifacts"]
    command += ["--workers", "1"]
    with (folder / "log").open("wb") as log:
        # A session of its own, so that its worker ends with it.
        server = subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "PYTHONPATH": ""},
            start_new_session=True,
        )
    try:
        _wait(url, server, folder / "log")
        yield url
    finally:
        _end(server)


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the MLflow server did not start:\n{log.read_text()[-2000:]}")


def _end(server: subprocess.Popen[bytes]) -> None:
    import psutil

    family = [psutil.Process(server.pid)] if server.poll() is None else []
    family += [child for parent in family for child in parent.children(recursive=True)]
    for process in family:
        process.kill()
    server.wait()


def artifact(folder: Path, kind: str, summary: dict[str, Any], **params: Any) -> Artifact:
    folder.mkdir(parents=True, exist_ok=True)
    made_by = MadeBy(
        step=kind, version="1", key=f"key-of-{kind}", params=params, inputs={}, lock="", engine=""
    )
    return Artifact(
        folder, Manifest(kind=kind, files=[], made_by=made_by, summary=summary, seconds=0)
    )


FEATURES = ["return_5", "range_1"]
EXAMPLE = {
    "request": {
        "inputs": [
            {
                "name": "features",
                "shape": [2, 2],
                "datatype": "FP64",
                "data": [0.01, 0.02, None, 0.04],
            }
        ]
    },
    "response": {
        "outputs": [{"name": "prediction", "shape": [2, 1], "datatype": "FP64", "data": [0.5, 0.6]}]
    },
}
TRIALS = pl.DataFrame(
    {
        "number": [0, 1, 2],
        "engine": ["lightgbm", "elastic_net", "extra_trees"],
        "params": ['{"num_leaves": 31}', '{"alpha": 0.1}', "{}"],
        "state": ["complete", "pruned", "failed"],
        "score": [0.51, 0.2, None],
        "fold_scores": [[0.5, 0.52], [0.2], []],
        "seconds": [1.5, 0.1, 0.0],
        "error": [None, None, "it broke"],
    }
)


class Registrar:
    """Runs the step against the server with synthetic artifacts."""

    def __init__(self, root: Path, url: str) -> None:
        self.root = root
        self.url = url
        self.verdict = "deploy"
        self.trials = TRIALS
        self._outputs = 0

    def inputs(self) -> dict[str, Artifact]:
        inputs = {
            "train": artifact(
                self.root / "train",
                "model",
                {"rank_ic": 0.52, "baseline": "har", "features": FEATURES, "trials": 3},
                target={"kind": "log_realised_volatility", "horizon": 5},
            ),
            "judge": artifact(
                self.root / "judge", "verdict", {"verdict": self.verdict, "deflated_sharpe": 0.7}
            ),
            "select": artifact(self.root / "select", "selection", {}),
            "features": artifact(self.root / "features", "features", {}),
            "bars": artifact(self.root / "bars", "bars", {"name": "sp500"}),
            "backtest": artifact(self.root / "backtest", "backtest", {"sharpe_net": 1.1}),
        }
        train = inputs["train"].path
        (train / "model").mkdir(exist_ok=True)
        (train / "model" / "model.json").write_text(json.dumps({"features": FEATURES}))
        (train / "example.json").write_text(json.dumps(EXAMPLE))
        self.trials.write_parquet(train / "trials.parquet")
        for name, files in {
            "train": ("leaderboard", "folds", "importance"),
            "judge": ("verdict",),
            "select": ("selection",),
            "features": ("catalogue",),
            "backtest": ("metrics", "equity"),
        }.items():
            for file in files:
                (inputs[name].path / f"{file}.json").write_text("{}")
        return inputs

    def context(self, key: str) -> StepContext:
        self._outputs += 1
        output = self.root / f"output-{self._outputs}"
        shutil.rmtree(output, ignore_errors=True)
        output.mkdir(parents=True)
        return StepContext(
            inputs=self.inputs(),
            sources={},
            places={"tracking": self.url} if self.url else {},
            output=output,
            emit=Emitter(lambda event: None),
            resources=Resources(),
            key=key,
        )

    def __call__(self, model: str, key: str, **tags: str) -> Outcome:
        from breadthflow_engine.steps.register import STEP

        params = STEP.params.model_validate({"model_name": model, "tags": tags})
        return STEP.run(params, self.context(key))


@pytest.fixture
def register(tracking: str, tmp_path: Path) -> Registrar:
    return Registrar(tmp_path, tracking)


@pytest.fixture
def registrar_at(tmp_path: Path):
    return lambda url: Registrar(tmp_path, url)

"""A real MLServer process answers with training's own numbers, and says what is wrong."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from breadthflow_engine.models.saved import SavedModel
from breadthflow_engine.steps.train.rows import TrainingRows
from breadthflow_engine.steps.train.space import default_trials

REPOSITORY = Path(__file__).resolve().parents[3]
FEATURES = ("a", "b", "c")


def serving_python() -> Path:
    kept = os.environ.get("BREADTHFLOW_ENVIRONMENTS")
    environment = (Path(kept) if kept else REPOSITORY / ".venv") / "serving"
    inside = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    return environment / inside


@pytest.fixture(scope="module")
def model() -> SavedModel:
    random = np.random.default_rng(0)
    x = random.normal(size=(2000, 3)).astype(np.float32)
    label = x[:, 0].astype(np.float64) + random.normal(size=2000)
    rows = TrainingRows(x, label, np.repeat(np.arange(40), 50), ["elastic_net", "lightgbm"])
    members = []
    for asked in default_trials(["elastic_net", "lightgbm"])[:2]:
        engine = asked.pop("engine")
        params = {name.split(".")[1]: value for name, value in asked.items()}
        members.append(rows.fit(engine, params, seed=1))
    target = {"kind": "forward_return", "horizon": 5}
    return SavedModel(FEATURES, target, tuple(members), (0.5, 0.5), ("linear", "trees"))


@pytest.fixture(scope="module")
def server(model, tmp_path_factory) -> Iterator[httpx.Client]:
    python = serving_python()
    if not python.exists():
        pytest.skip("the serving environment is not made yet")
    folder = tmp_path_factory.mktemp("server")
    model.save(folder / "model")
    http, grpc = free_port(), free_port()
    settings = {
        "host": "127.0.0.1",
        "http_port": http,
        "grpc_port": grpc,
        "metrics_endpoint": None,
        "parallel_workers": 0,
    }
    (folder / "settings.json").write_text(json.dumps(settings))
    named = {
        "name": "m",
        "implementation": "breadthflow_engine.serving.runtime.WorkbenchModel",
        "parameters": {"uri": str(folder / "model"), "version": "3"},
    }
    (folder / "model-settings.json").write_text(json.dumps(named))
    engine = REPOSITORY / "compose-bundles" / "engine"
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [str(python), "-m", "breadthflow_engine.serving.model_server", str(folder)],
            env={**os.environ, "PYTHONPATH": str(engine), "OMP_NUM_THREADS": "1"},
            cwd=folder,
            stdout=log,
            stderr=log,
        )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{http}/v2/models/m") as client:
                wait_until_ready(client, process, folder / "log")
                yield client
        finally:
            process.terminate()
            process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(client: httpx.Client, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if client.get("/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail(f"the model server did not get ready:\n{log.read_text()[-3000:]}")


def test_answers_are_the_saved_models_to_the_last_bit(server, model):
    rows = np.random.default_rng(1).normal(size=(20, 3)).astype(np.float32)
    rows[3, 1] = np.nan
    data = [None if np.isnan(value) else float(value) for value in rows.ravel()]
    tensor = {"name": "features", "shape": [20, 3], "datatype": "FP32", "data": data}
    answer = server.post("/infer", json={"id": "x", "inputs": [tensor]}).json()
    assert answer["id"] == "x"
    assert answer["model_version"] == "3"
    assert answer["outputs"][0]["shape"] == [20, 1]
    assert answer["outputs"][0]["data"] == model.predict(rows).tolist()
    by_name = [
        {"name": name, "shape": [20, 1], "datatype": "FP64", "data": data[i::3]}
        for i, name in reversed(list(enumerate(FEATURES)))
    ]
    assert server.post("/infer", json={"inputs": by_name}).json()["outputs"] == answer["outputs"]


def test_metadata_names_every_feature_in_order(server):
    told = server.get(str(server.base_url).rstrip("/")).json()
    assert [tensor["name"] for tensor in told["inputs"]] == list(FEATURES)
    assert [tensor["name"] for tensor in told["outputs"]] == ["prediction"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"shape": [1, 2], "data": [1, 2]}, "not [n, 3]"),
        ({"datatype": "BYTES", "data": ["1", "2", "3"]}, "datatype BYTES"),
        ({"name": "a"}, "Missing inputs: b, c"),
        ({"name": "z"}, "Unknown inputs: z"),
    ],
)
def test_a_wrong_request_is_a_400_that_says_why(server, change, says):
    tensor = {"name": "features", "shape": [1, 3], "datatype": "FP32", "data": [1, 2, 3]}
    answer = server.post("/infer", json={"inputs": [tensor | change]})
    assert answer.status_code == 400
    assert says in answer.json()["error"]


def test_an_output_that_does_not_exist_is_a_400(server):
    tensor = {"name": "features", "shape": [1, 3], "datatype": "FP32", "data": [1, 2, 3]}
    answer = server.post("/infer", json={"inputs": [tensor], "outputs": [{"name": "no"}]})
    assert answer.status_code == 400
    assert "There is no output no" in answer.json()["error"]

"""The register step against a real MLflow server."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.register import STEP, records, step
from breadthflow_engine.steps.register.tracking import MlflowClient


@pytest.fixture
def client(tracking: str) -> MlflowClient:
    return MlflowClient(tracking_uri=tracking, registry_uri=tracking)


def children_of(client: MlflowClient, run_id: str):
    experiment = client.get_run(run_id).info.experiment_id
    return client.search_runs([experiment], f"tags.`mlflow.parentRunId` = '{run_id}'")


def test_a_model_is_registered_with_all_that_leads_back_to_it(register, client, tmp_path):
    outcome = register("whole", "k1", idea="volatility", run="r-1", data_version="3")
    summary = outcome.summary
    run = client.get_run(summary["run_id"])
    version = client.get_model_version("whole", summary["version"])
    assert outcome.kind == "registration"
    assert run.info.status == "FINISHED"
    assert run.info.run_name == "r-1"
    for tags in (run.data.tags, version.tags):
        assert tags["breadthflow.idea"] == "volatility"
        assert tags["breadthflow.data_version"] == "3"
        assert tags["breadthflow.key"] == "k1"
        assert tags["breadthflow.verdict"] == "deploy"
    assert run.data.params["target.kind"] == "log_realised_volatility"
    assert run.data.metrics["rank_ic"] == 0.52
    assert run.data.metrics["backtest_sharpe_net"] == 1.1
    assert run.data.metrics["deflated_sharpe"] == 0.7
    assert client.get_model_version_by_alias("whole", "challenger").version == summary["version"]
    assert summary["alias"] == "challenger"
    files = {file.path for file in client.list_artifacts(summary["run_id"])}
    assert {"model", "verdict.json", "leaderboard.json", "selection.json"} <= files
    assert json.loads(_written(tmp_path).read_text()) == summary


def _written(root: Path) -> Path:
    return next(root.glob("output-*/registration.json"))


def test_the_registered_files_are_the_model_with_signature_and_example(register, tmp_path):
    import mlflow

    summary = register("packaged", "k1").summary
    mlflow.set_tracking_uri(register.url)
    folder = Path(
        mlflow.artifacts.download_artifacts(
            "models:/packaged@challenger", dst_path=str(tmp_path / "copy")
        )
    )
    model = mlflow.models.Model.load(str(folder))
    assert model.get_input_schema().input_names() == ["return_5", "range_1"]
    assert model.get_output_schema().input_names() == ["prediction"]
    assert model.flavors["python_function"]["loader_module"] == summary["loader"]
    example = model.load_input_example(str(folder))
    assert example["range_1"].tolist() == [0.02, 0.04]
    assert example["return_5"].isna().tolist() == [False, True]
    assert json.loads((folder / "example.json").read_text())["response"]["outputs"]
    assert len(list(folder.rglob("model.json"))) == 1


def test_every_trial_becomes_a_run_failed_and_pruned_ones_too(register, client):
    summary = register("trials", "k1").summary
    runs = {run.info.run_name: run for run in children_of(client, summary["run_id"])}
    assert {name: run.info.status for name, run in runs.items()} == {
        "trial 0 lightgbm": "FINISHED",
        "trial 1 elastic_net": "KILLED",
        "trial 2 extra_trees": "FAILED",
    }
    best = runs["trial 0 lightgbm"]
    assert best.data.params == {"engine": "lightgbm", "num_leaves": "31"}
    assert best.data.metrics["score"] == 0.51
    history = client.get_metric_history(best.info.run_id, "fold_score")
    assert [(point.step, point.value) for point in history] == [(0, 0.5), (1, 0.52)]
    assert runs["trial 2 extra_trees"].data.tags["breadthflow.error"] == "it broke"


def test_the_same_key_is_registered_once(register, client):
    first, again = register("once", "k1").summary, register("once", "k1").summary
    assert again == first
    assert len(client.search_model_versions("name = 'once'")) == 1
    assert len(children_of(client, first["run_id"])) == 3


def test_another_key_is_the_next_version_and_the_new_challenger(register, client):
    register("twice", "k1")
    second = register("twice", "k2").summary
    assert second["version"] == "2"
    assert client.get_model_version_by_alias("twice", "challenger").version == "2"
    assert register("twice", "k1").summary["alias"] is None, "the older one does not take it back"
    assert client.get_model_version_by_alias("twice", "challenger").version == "2"


def test_a_champion_is_not_made_challenger_again(register, client):
    summary = register("crowned", "k1").summary
    client.set_registered_model_alias("crowned", "champion", summary["version"])
    client.delete_registered_model_alias("crowned", "challenger")
    assert register("crowned", "k1").summary["alias"] is None
    assert client.get_registered_model("crowned").aliases == {"champion": "1"}


def test_a_rejected_model_is_kept_without_an_alias(register, client):
    register.verdict = "reject"
    summary = register("rejected", "k1").summary
    assert summary["alias"] is None
    assert client.get_registered_model("rejected").aliases == {}
    assert client.get_model_version("rejected", "1").tags["breadthflow.verdict"] == "reject"


@pytest.mark.parametrize(
    "last", ["begin_run", "log_run", "log_trials", "register_version", "make_challenger"]
)
def test_an_attempt_that_was_cut_off_leaves_one_version_after_the_next(
    register, client, monkeypatch, last
):
    """The process dies right after the call `last`, as far as the server can tell."""
    real = getattr(step, last)

    def die(*arguments):
        real(*arguments)
        raise KeyboardInterrupt

    name = f"cut-{last}"
    with monkeypatch.context() as patch:
        patch.setattr(step, last, die)
        with pytest.raises(KeyboardInterrupt):
            register(name, "k1")
    summary = register(name, "k1").summary
    experiment = client.get_experiment_by_name(name)
    assert experiment is not None
    versions = client.search_model_versions(f"name = '{name}'")
    runs = client.search_runs([experiment.experiment_id], max_results=100)
    assert [version.version for version in versions] == ["1"]
    assert len(runs) == 4, "one of the model, three of its trials"
    assert {run.info.status for run in runs} == {"FINISHED", "KILLED", "FAILED"}
    assert summary["alias"] == "challenger"


def test_a_deleted_experiment_comes_back(register, client):
    register("deleted", "k1")
    experiment = client.get_experiment_by_name("deleted")
    assert experiment is not None
    client.delete_experiment(experiment.experiment_id)
    assert register("deleted", "k2").summary["version"] == "2"


def test_very_long_values_are_cut_rather_than_refused(register):
    register.trials = register.trials.with_columns(error=records.pl.lit("x" * 20_000))
    assert register("long", "k1").summary["version"] == "1"


@pytest.mark.parametrize("name", ["", "a/b", "a:b", "o'neill"])
def test_names_that_mlflow_or_its_queries_cannot_hold_are_refused(name):
    with pytest.raises(ValueError, match="model_name"):
        STEP.params.model_validate({"model_name": name})


def test_an_unreachable_server_is_named_at_once(registrar_at):
    with pytest.raises(StepError) as error:
        registrar_at("http://127.0.0.1:9")("m", "k")
    assert error.value.code == "register.unreachable"
    assert "http://127.0.0.1:9" in error.value.detail
    assert "mlflow service" in error.value.hint


def test_another_program_on_the_port_is_told_apart(registrar_at):
    class Stranger(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, format, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Stranger)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with pytest.raises(StepError) as error:
        registrar_at(f"http://127.0.0.1:{server.server_port}")("m", "k")
    server.shutdown()
    server.server_close()
    assert error.value.code == "register.not_mlflow"


@pytest.mark.parametrize(
    ("place", "code"), [("", "register.no_place"), ("file:///tmp/x", "register.not_a_server")]
)
def test_a_place_that_is_no_server_is_refused(registrar_at, place, code):
    with pytest.raises(StepError) as error:
        registrar_at(place)("m", "k")
    assert error.value.code == code


def test_importing_the_step_calls_nobody():
    """Any name looked up or connection opened during the import ends it."""
    code = (
        "import socket, sys\n"
        "def refuse(*a, **k): sys.stderr.write(f'called {a}'); import os; os._exit(3)\n"
        "socket.getaddrinfo = refuse; socket.socket.connect = refuse\n"
        "import breadthflow_engine.steps.register\n"
        "import time; time.sleep(1)\n"
        "from mlflow.telemetry import get_telemetry_client\n"
        "assert get_telemetry_client() is None\n"
    )
    quiet = {"PYTEST_CURRENT_TEST", "CI", "MLFLOW_DISABLE_TELEMETRY", "DO_NOT_TRACK"}
    environment = {name: value for name, value in os.environ.items() if name not in quiet}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr

"""Which store an engine uses is said by its environment, and costs nothing where none is."""

from __future__ import annotations

import subprocess
import sys

import pytest

from breadthflow_engine.artifact_store import configured_store
from breadthflow_engine.protocol.errors import StepError

KEY = {"AWS_ACCESS_KEY_ID": "engine", "AWS_SECRET_ACCESS_KEY": "a key"}


def test_there_is_none_unless_it_is_named():
    assert configured_store({}) is None
    assert configured_store({"BREADTHFLOW_ARTIFACT_STORE": "", **KEY}) is None


@pytest.mark.parametrize("address", ["s3://engine", "s3://engine/artifacts", "s3://engine/a/b/"])
def test_it_is_a_bucket_with_a_prefix(address: str):
    store = configured_store({"BREADTHFLOW_ARTIFACT_STORE": address, **KEY})
    assert store is not None
    assert store.name == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        "engine",
        "file:///srv",
        "s3://",
        "s3:///engine",
        "s3://engine/../mlflow",
        "s3://me:key@host/a",
    ],
)
def test_what_is_no_address_of_one_is_told(address: str):
    with pytest.raises(StepError) as caught:
        configured_store({"BREADTHFLOW_ARTIFACT_STORE": address, **KEY})
    assert caught.value.code == "artifact_store.bad_address"


@pytest.mark.parametrize("missing", KEY)
def test_without_a_key_it_is_told_which_variable_lacks(missing: str):
    environment = {
        "BREADTHFLOW_ARTIFACT_STORE": "s3://engine/artifacts",
        **KEY,
        missing: "",
    }
    with pytest.raises(StepError, match=missing) as caught:
        configured_store(environment)
    assert caught.value.code == "artifact_store.no_credentials"


def test_an_engine_that_cannot_reach_the_store_it_is_told_of_does_not_start():
    program = [sys.executable, "-m", "breadthflow_engine", "serve"]
    ended = subprocess.run(
        program,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        env={
            "PYTHONPATH": ":".join(sys.path),
            "BREADTHFLOW_ARTIFACT_STORE": "s3://engine/a",
        },
    )
    assert ended.returncode == 1
    assert '"artifact_store.no_credentials"' in ended.stdout


def test_nothing_of_arrow_is_imported_before_a_store_is_asked():
    program = (
        "import sys, breadthflow_engine.workers.process\n"
        "from breadthflow_engine.artifact_store import configured_store\n"
        "configured_store({'BREADTHFLOW_ARTIFACT_STORE': 's3://engine/artifacts',"
        " 'AWS_ACCESS_KEY_ID': 'a', 'AWS_SECRET_ACCESS_KEY': 'b'})\n"
        "print('pyarrow' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert said.strip() == "False"

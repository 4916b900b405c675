"""A store that is away, or refuses, costs one warning a step and nothing else."""

from __future__ import annotations

import socket

import pytest
from stored_artifacts import MADE, ObjectFolder, Workspace, files_of

from breadthflow_engine.artifact_store import configured_store
from breadthflow_engine.artifacts import MANIFEST


def test_each_step_is_made_and_says_so_once_and_what_was_missed_is_kept_later(
    workspace: Workspace, objects: ObjectFolder
):
    objects.fails = lambda name: True
    yarn = workspace.run("spin")
    assert len(workspace.warnings) == 1
    sock = workspace.run("knit", yarn=yarn)
    assert MADE == ["spin", "knit"]
    assert len(workspace.warnings) == 2
    for said in workspace.warnings:
        assert "s3://engine/artifacts cannot be used: the store is away." in said
        assert "is in the workspace, and is kept by a later step" in said
    assert objects.done == []

    objects.fails = lambda name: False
    workspace.run("knit", yarn=yarn, text="once more")
    assert (objects.root / "spin" / yarn.manifest.made_by.key / MANIFEST).exists()
    assert sock.manifest.kind == "sock"


def test_one_that_goes_away_in_the_middle_of_an_artifact_leaves_no_part_of_it(
    workspace: Workspace, another: Workspace, objects: ObjectFolder
):
    workspace.run("spin")
    objects.fails = lambda name: name.endswith("empty")
    anew = another.run("spin")
    assert MADE == ["spin", "spin"]
    assert len(another.warnings) == 1
    assert [path.name for path in anew.path.parent.iterdir()] == [anew.path.name]


def environment(endpoint: str) -> dict[str, str]:
    return {
        "BREADTHFLOW_ARTIFACT_STORE": "s3://engine/artifacts",
        "AWS_ENDPOINT_URL_S3": endpoint,
        "AWS_ACCESS_KEY_ID": "engine",
        "AWS_SECRET_ACCESS_KEY": "a key",
    }


@pytest.mark.parametrize("listens", [False, True])
def test_the_real_client_gives_up_on_a_server_that_is_not_there_or_never_answers(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, listens: bool
):
    monkeypatch.setattr("breadthflow_engine.artifact_store.connection._SILENT_S", 1.0)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if listens:
            server.listen()
        host, port = server.getsockname()
        workspace.store = configured_store(environment(f"http://{host}:{port}"))
        yarn = workspace.run("spin")
    assert len(workspace.warnings) == 1
    assert MADE == ["spin"]
    assert set(files_of(yarn.path)) == {
        "ball/thread.txt",
        "colour.txt",
        "empty",
        MANIFEST,
    }

"""Who may ask the engine, and what they are told otherwise."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest


def test_health_is_open_and_nothing_else(engine):
    with httpx.Client(base_url=engine.client.base_url) as stranger:
        assert stranger.get("/healthz").json()["pid"] == engine.process.pid
        for method, path in [
            ("GET", "/capabilities"),
            ("POST", "/jobs"),
            ("GET", "/jobs/j-1"),
            ("GET", "/jobs/j-1/events"),
            ("DELETE", "/jobs/j-1"),
            ("POST", "/warm"),
            ("GET", "/nowhere"),
        ]:
            answer = stranger.request(method, path)
            assert answer.status_code == 401, path
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "request.no_token"


@pytest.mark.parametrize("given", ["Bearer wrong", "Basic dDp0", "Bearer tökén"])
def test_a_wrong_token_is_refused(engine, given):
    answer = engine.client.get("/capabilities", headers={"Authorization": given.encode()})
    assert answer.status_code == 401
    assert answer.json()["code"] == "request.wrong_token"
    assert answer.json()["hint"]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_a_foreign_host_is_refused_even_with_the_token(engine, host):
    answer = engine.client.get("/capabilities", headers={"Host": host})
    assert answer.status_code == 403
    assert answer.json()["code"] == "request.bad_host"


def test_localhost_is_a_name_of_loopback(engine):
    answer = engine.client.get("/healthz", headers={"Host": f"localhost:{engine.port}"})
    assert answer.status_code == 200


def test_an_unknown_path_and_a_wrong_method_are_problems(engine):
    assert engine.client.get("/nowhere").json()["code"] == "request.no_such_path"
    answer = engine.client.put("/jobs")
    assert (answer.status_code, answer.json()["code"]) == (405, "request.method_not_allowed")


def _serve(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if "BREADTHFLOW" not in name}
    return subprocess.run(
        [sys.executable, "-m", "breadthflow_engine", "serve", *arguments],
        env={**clean, **env},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_no_token_no_engine(tmp_path: Path):
    for ended in (
        _serve(),
        _serve(BREADTHFLOW_ENGINE_TOKEN=" "),
        _serve("--token-file", str(tmp_path / "missing")),
    ):
        assert ended.returncode == 1
        assert "engine.no_token" in ended.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_a_token_that_others_can_read_is_refused(tmp_path: Path):
    (tmp_path / "token").write_text("secret")
    (tmp_path / "token").chmod(0o644)
    ended = _serve("--token-file", str(tmp_path / "token"))
    assert ended.returncode == 1
    assert "engine.token_not_private" in ended.stdout


def test_a_taken_port_is_named():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        ended = _serve("--port", str(port), BREADTHFLOW_ENGINE_TOKEN="x")
    assert ended.returncode == 1
    assert "engine.port_taken" in ended.stdout
    assert str(port) in ended.stdout


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.1", "example.com"])
def test_only_loopback_is_listened_on(host: str):
    ended = _serve("--host", host, BREADTHFLOW_ENGINE_TOKEN="x")
    assert ended.returncode == 1
    assert "engine.not_loopback" in ended.stdout

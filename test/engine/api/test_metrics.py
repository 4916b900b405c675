"""What Prometheus is told by a real engine, and who may be told."""

from __future__ import annotations

import os

import httpx
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

SCRAPE_TOKEN = "t0ken-of-who-watches"


@pytest.fixture(scope="module")
def watched(start_engine, tmp_path_factory):
    file = tmp_path_factory.mktemp("secrets") / "metrics-token"
    file.write_text(SCRAPE_TOKEN)
    file.chmod(0o400)
    return start_engine("--metrics-token-file", str(file), "--name", "engine")


def read(engine, **headers: str) -> dict[tuple[str, ...], float]:
    """Samples by name and by the values of their labels, in the order of the labels' names."""
    answer = engine.client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_jobs_are_counted_by_how_they_ended_and_their_seconds_are_kept(watched):
    for step, ended in [("write", "done"), ("write", "done"), ("refuse", "failed")]:
        job = watched.submit(step, f"counted-{step}-{os.urandom(4).hex()}")
        assert watched.wait(job["id"])["state"] == ended
    told = read(watched)
    assert told["breadthflow_engine_jobs_total", "done", "write"] == 2
    assert told["breadthflow_engine_jobs_total", "failed", "refuse"] == 1
    assert told["breadthflow_engine_step_seconds_count", "write"] == 2
    assert 0 < told["breadthflow_engine_step_seconds_sum", "write"] < 60
    assert told["breadthflow_engine_step_seconds_bucket", "+Inf", "write"] == 2


def test_what_runs_what_waits_and_what_the_worker_holds_is_told(watched):
    running = watched.submit("sleep", "running", params={"seconds": 60, "child": True})
    pid = watched.metric(running["id"], "pid")
    waiting = watched.submit("write", "waiting")
    told = read(watched)
    assert told["breadthflow_engine_jobs_running", "core"] == 1
    assert told["breadthflow_engine_jobs_waiting", "core"] == 1
    assert told["breadthflow_engine_worker_alive", "core"] == 1
    alone = psutil.Process(pid).memory_info().rss
    assert told["breadthflow_engine_worker_resident_memory_bytes", "core"] > alone
    # A job that never began has ended, but took no time.
    watched.client.delete(f"/jobs/{waiting['id']}")
    watched.client.delete(f"/jobs/{running['id']}")
    watched.wait(running["id"])
    told = read(watched)
    assert told["breadthflow_engine_jobs_waiting", "core"] == 0
    assert told["breadthflow_engine_jobs_total", "cancelled", "write"] == 1
    assert told["breadthflow_engine_step_seconds_count", "sleep"] == 1


def test_the_scrape_token_opens_the_metrics_and_nothing_else(watched):
    scrape = {"Authorization": f"Bearer {SCRAPE_TOKEN}"}
    assert read(watched, **scrape, Host="engine:8080")
    for path in ("/capabilities", "/jobs/j-1"):
        assert watched.client.get(path, headers=scrape).json()["code"] == "request.wrong_token"
    with httpx.Client(base_url=watched.client.base_url) as stranger:
        assert stranger.get("/metrics").json()["code"] == "request.no_token"
        wrong = stranger.get("/metrics", headers={"Authorization": "Bearer wrong"})
        assert wrong.json()["code"] == "request.wrong_token"


def test_only_the_name_that_it_was_given_is_added_to_those_of_loopback(watched, engine):
    assert watched.client.get("/healthz", headers={"Host": "engine:8080"}).status_code == 200
    for asked, host in [(watched, "engine.evil.example"), (engine, "engine:8080")]:
        answer = asked.client.get("/metrics", headers={"Host": host})
        assert answer.json()["code"] == "request.bad_host"

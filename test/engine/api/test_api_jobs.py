"""Jobs from submission to their last event."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

TRIAL = Path(__file__).resolve().parents[1] / "programs" / "trial_steps.py"


def test_a_job_leaves_an_artifact_and_its_events_can_be_read_again(engine):
    job = engine.submit("write", "done", key="a" * 64, params={"text": "bars"})
    assert job["state"] == "queued"
    ended = engine.wait(job["id"])

    assert ended["state"] == "done"
    on_disk = json.loads((engine.folder / "done" / "manifest.json").read_text())
    assert ended["manifest"] == on_disk
    events = list(engine.events(job["id"]))
    assert [number for number, _ in events] == list(range(1, 9))
    states = [event["state"] for _, event in events if event["kind"] == "state"]
    assert states == ["queued", "running", "done"]
    assert events[-1][1]["manifest"] == on_disk


def test_events_resume_after_the_last_one_seen(engine):
    job = engine.submit("write", "resume")["id"]
    whole = list(engine.events(job))
    for after in (1, 4, len(whole) - 1):
        assert list(engine.events(job, after)) == whole[after:]
    assert list(engine.events(job, len(whole))) == []


def test_a_second_reader_joins_while_the_job_runs(engine):
    job = engine.submit("sleep", "joined", params={"seconds": 0.5})["id"]
    engine.metric(job, "pid")
    assert list(engine.events(job)) == list(engine.events(job, 0))


def test_jobs_wait_for_each_other(engine):
    first = engine.submit("sleep", "first", params={"seconds": 0.5})["id"]
    second = engine.submit("write", "second")["id"]
    engine.metric(first, "pid")
    assert engine.client.get(f"/jobs/{second}").json()["state"] == "queued"
    # The second one's artifact comes after the first one's, from the same process.
    made = [engine.wait(job)["manifest"]["summary"]["pid"] for job in (first, second)]
    assert made[0] == made[1]
    times = [
        (engine.folder / name / "manifest.json").stat().st_mtime_ns for name in ("first", "second")
    ]
    assert times[0] < times[1]


def test_a_queued_job_can_be_cancelled_before_it_starts(engine):
    first = engine.submit("sleep", "ahead", params={"seconds": 0.3})["id"]
    second = engine.submit("write", "never")["id"]
    assert engine.client.delete(f"/jobs/{second}").json()["state"] == "cancelled"
    assert engine.wait(first)["state"] == "done"
    assert not (engine.folder / "never").exists()


def test_cancelling_ends_the_worker_and_its_children_at_once(engine, gone):
    job = engine.submit("sleep", "cancelled", params={"child": True})["id"]
    worker, child = engine.metric(job, "pid"), engine.metric(job, "child")
    answer = engine.client.delete(f"/jobs/{job}")
    assert answer.status_code == 202

    ended = engine.wait(job)
    assert ended["state"] == "cancelled"
    assert ended["problem"]["code"] == "job.cancelled"
    assert ended["seconds"] < 10
    assert gone(worker)
    assert gone(child)
    assert list(engine.folder.glob(".staging-*")) == []
    assert engine.client.delete(f"/jobs/{job}").json()["state"] == "cancelled"
    assert engine.wait(engine.submit("write", "after-cancel")["id"])["state"] == "done"


def test_a_worker_killed_from_outside_fails_its_job_and_is_replaced(engine):
    job = engine.submit("sleep", "killed")["id"]
    psutil.Process(engine.metric(job, "pid")).kill()
    ended = engine.wait(job)
    assert ended["state"] == "failed"
    assert ended["problem"]["code"] == "engine.worker_died"
    if os.name != "nt":
        assert "SIGKILL" in ended["problem"]["detail"]
    assert "again" in ended["problem"]["hint"]
    assert list(engine.folder.glob(".staging-*")) == []
    assert engine.wait(engine.submit("write", "after-kill")["id"])["state"] == "done"


def test_a_worker_that_ends_itself_fails_its_job(engine):
    ended = engine.wait(engine.submit("die", "died")["id"])
    assert ended["problem"]["code"] == "engine.worker_died"
    assert "code 3" in ended["problem"]["detail"]
    assert not (engine.folder / "died").exists()


def test_a_worker_that_speaks_nonsense_is_ended(engine):
    ended = engine.wait(engine.submit("babble", "babbled")["id"])
    assert ended["problem"]["code"] == "engine.worker_died"
    assert "protocol" in ended["problem"]["detail"]
    assert engine.wait(engine.submit("write", "after-babble")["id"])["state"] == "done"


def test_a_deadline_ends_the_job(engine, gone):
    job = engine.submit("sleep", "late", resources={"deadline_s": 1.5})["id"]
    worker = engine.metric(job, "pid")
    ended = engine.wait(job)
    assert ended["state"] == "failed"
    assert ended["problem"]["code"] == "job.past_deadline"
    assert 1.4 < ended["seconds"] < 6
    assert gone(worker)


def test_what_a_library_prints_does_not_disturb_the_worker(engine):
    assert engine.wait(engine.submit("print", "printed")["id"])["state"] == "done"


def test_a_worker_that_grew_is_replaced(engine):
    job = engine.submit("grow", "grown", params={"megabytes": 500})["id"]
    big = engine.wait(job)["manifest"]["summary"]["pid"]
    small = engine.wait(engine.submit("write", "after-growth")["id"])["manifest"]["summary"]["pid"]
    assert big != small


def test_the_steps_own_problem_arrives_whole(engine):
    problem = engine.wait(engine.submit("refuse", "refused")["id"])["problem"]
    assert problem == {
        "type": "urn:breadthflow:trial.refused",
        "title": "trial.refused",
        "status": None,
        "code": "trial.refused",
        "detail": "It was refused.",
        "hint": "Ask for something else.",
        "where": {"field": "text"},
    }


def test_wrong_params_fail_the_job_by_name(engine):
    problem = engine.wait(engine.submit("write", "bad", params={"txt": 1})["id"])["problem"]
    assert problem["code"] == "step.bad_params"
    assert problem["where"]["fields"] == ["txt"]


@pytest.mark.parametrize(
    ("request_", "status", "code", "named"),
    [
        ({"step": "fly", "output": "file:///x"}, 422, "step.unknown", "fly"),
        ({"step": "write"}, 422, "request.invalid", "output"),
        ({"step": "write", "output": "file:///x", "speed": 1}, 422, "request.invalid", "speed"),
        (
            {"step": "write", "output": "file:///x", "resources": {"threads": 0}},
            422,
            "request.invalid",
            "resources.threads",
        ),
    ],
)
def test_a_wrong_request_is_refused_by_name(engine, request_, status, code, named):
    answer = engine.client.post("/jobs", json=request_)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert named in answer.json()["detail"]


def test_a_body_that_is_no_json_is_refused(engine):
    answer = engine.client.post("/jobs", content=b"{", headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


def test_an_unknown_job_is_refused(engine):
    for answer in (
        engine.client.get("/jobs/j-none"),
        engine.client.delete("/jobs/j-none"),
        engine.client.get("/jobs/j-none/events"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "job.unknown")


def test_the_correlation_id_reaches_the_workers_log(engine):
    request = {"step": "write", "output": (engine.folder / "followed").as_uri()}
    headers = {"X-Correlation-Id": "click-42"}
    answer = engine.client.post("/jobs", json=request, headers=headers)
    assert answer.headers["x-correlation-id"] == "click-42"
    engine.wait(answer.json()["id"])
    lines = (engine.folder / "log").read_text().splitlines()
    said = [json.loads(line) for line in lines if line.startswith("{")]
    followed = [line["event"] for line in said if line.get("correlation_id") == "click-42"]
    assert followed == ["started", "finished"]


def test_warming_starts_the_worker(start_engine):
    fresh = start_engine()
    assert fresh.workers() == []
    answer = fresh.client.post("/warm", json={"environment": "core"})
    assert answer.status_code == 202
    (worker,) = fresh.workers()
    made = fresh.wait(fresh.submit("write", "warm")["id"])["manifest"]["summary"]["pid"]
    assert made == worker
    answer = fresh.client.post("/warm", json={"environment": "mars"})
    assert answer.json()["code"] == "engine.environment_unknown"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGTERM")
def test_a_terminated_engine_ends_its_streams_and_workers(start_engine, gone):
    mortal = start_engine()
    job = mortal.submit("sleep", "cut", params={"child": True})["id"]
    worker, child = mortal.metric(job, "pid"), mortal.metric(job, "child")
    states: list[str] = []

    def follow() -> None:
        for _, event in mortal.events(job):
            states.append(event.get("state", ""))

    reader = threading.Thread(target=follow)
    reader.start()
    mortal.process.send_signal(signal.SIGTERM)
    mortal.process.wait(10)
    reader.join(10)
    assert states[-1] == "cancelled"
    assert gone(worker)
    assert gone(child)


def test_a_killed_engine_takes_its_worker_with_it(start_engine, gone):
    mortal = start_engine()
    job = mortal.submit("sleep", "orphan", params={"child": True})["id"]
    worker, child = mortal.metric(job, "pid"), mortal.metric(job, "child")
    mortal.process.kill()
    assert gone(worker)
    assert gone(child)


def test_an_engine_can_end_with_its_parent(start_engine, tmp_path: Path):
    port_file = tmp_path / "port"
    child = start_engine("--exit-with-parent", "--port-file", str(port_file))
    assert int(port_file.read_text()) == child.port
    assert child.process.poll() is None
    child.process.stdin.close()
    assert child.process.wait(10) == 0


def test_the_command_line_leaves_the_same_manifest(engine, tmp_path: Path):
    request = {"step": "write", "key": "b" * 64, "params": {"text": "same"}}
    through_api = engine.wait(engine.submit(output="by-api", **request)["id"])["manifest"]
    (tmp_path / "STEP.json").write_text(
        json.dumps({**request, "output": (tmp_path / "by-shell").as_uri()})
    )
    said = subprocess.run(
        [sys.executable, str(TRIAL), "run-step", str(tmp_path / "STEP.json")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    by_shell = json.loads(said)
    for manifest in (through_api, by_shell):
        # The time that it took, and the process that did it.
        del manifest["seconds"], manifest["summary"]["pid"]
    assert by_shell == through_api

"""Is validation honest, and fast enough? `python test/bench/validation.py [--docs FILE]`.

Prints one JSON document and, with --docs, writes the page that shows what does not depend on the
machine (validation_page.py): published values beside ours, planted leaks and their look-alikes
(test/engine/leaks), and the simulated ideas (test/engine/judge). Times are the
machine's own: CSCV of 1,000 trials in 16 blocks, and combinatorial purged cross-validation of the
volatility idea over its walk-forward alone, both by the real steps.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
for folder in ("judge", "leaks", "statistics"):
    sys.path.insert(0, str(ROOT / "test" / "engine" / folder))

from look_alikes import LOOK_ALIKES  # noqa: E402 - found by the path above
from planted import PLANTED as PLANTED_LEAKS  # noqa: E402
from simulated_ideas import PLANTED, Experiment  # noqa: E402
from validation_page import page  # noqa: E402

from breadthflow_engine.artifacts import read_artifact  # noqa: E402
from breadthflow_engine.leaks.audit import audit  # noqa: E402
from breadthflow_engine.logging import configure_logging  # noqa: E402
from breadthflow_engine.protocol.messages import StepRequest  # noqa: E402
from breadthflow_engine.protocol.step import Artifact, Emitter  # noqa: E402
from breadthflow_engine.runner import run_request  # noqa: E402
from breadthflow_engine.statistics import backtest_overfitting, mean_test  # noqa: E402
from breadthflow_engine.steps import load_step  # noqa: E402

RETURNS, VOLATILITY = "forward_return", "log_realised_volatility"
ONCE = {"variants": 1, "trials": 1, "days": 504, "symbols": 60}
BEST = {"variants": 100, "trials": 100, "days": 378, "symbols": 50}
EXPERIMENTS = {
    "worthless_once": [
        Experiment(RETURNS, ideas=500, **ONCE),
        Experiment(VOLATILITY, ideas=500, **ONCE),
    ],
    "worthless_best_of_100": [
        Experiment(RETURNS, ideas=500, **BEST),
        Experiment(VOLATILITY, ideas=500, **BEST),
    ],
    "planted": [
        Experiment(
            RETURNS,
            ideas=200,
            variants=4,
            trials=24,
            days=504,
            symbols=500,
            knows=PLANTED,
            judged="first",
        ),
    ],
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=Path, help="page to write")
    parser.add_argument("--only-docs", action="store_true", help="measure no times")
    options = parser.parse_args()
    # Standard output is one document: what the engine has to log goes to standard error.
    configure_logging()
    simulated: dict[str, list[dict[str, Any]]] = {}
    for name, experiments in EXPERIMENTS.items():
        sys.stderr.write(f"simulating ideas, {name}\n")
        simulated[name] = [experiment.run() for experiment in experiments]
    document: dict[str, Any] = {
        f"{name}_share": sum(one["deployed"] for one in found) / sum(one["ideas"] for one in found)
        for name, found in simulated.items()
    }
    document["simulated"] = simulated
    sys.stderr.write("planting leaks\n")
    leaks = planted_leaks()
    document["leaks_missed"] = sum(one["detector"] not in one["caught"] for one in leaks["planted"])
    document["look_alikes_caught"] = sum(bool(one["caught"]) for one in leaks["look_alikes"])
    tail = rejected()
    if not options.only_docs:
        document["cscv_seconds"] = cscv_seconds()
        document |= paths_ratio()
    if options.docs:
        options.docs.parent.mkdir(exist_ok=True)
        options.docs.write_text(page(simulated, leaks, tail), encoding="utf-8", newline="\n")
    sys.stdout.write(json.dumps(document) + "\n")
    return 0


def planted_leaks() -> dict[str, list[dict[str, Any]]]:
    """What every detector says of every planted leak and of every look-alike."""

    def caught(subject: Any) -> list[str]:
        return [test.detector for test in audit(subject) if not test.passed]

    return {
        "planted": [
            {
                "name": one.name,
                "reason": one.reason,
                "detector": one.detector,
                "caught": caught(one.subject()),
            }
            for one in PLANTED_LEAKS
        ],
        "look_alikes": [
            {"name": one.name, "reason": one.reason, "caught": caught(one.subject())}
            for one in LOOK_ALIKES
        ],
    }


MEMORY, TAIL_DAYS, TAIL_SERIES = 0.9, 504, 20_000


def rejected() -> dict[str, Any]:
    """How often the test behind the gate on trials rejects lifts that are nothing but remember."""
    rng = np.random.default_rng(5)
    noise = rng.standard_normal((TAIL_DAYS, TAIL_SERIES))
    for day in range(1, TAIL_DAYS):
        noise[day] = MEMORY * noise[day - 1] + (1 - MEMORY**2) ** 0.5 * noise[day]
    p_values = np.array([mean_test(series, 10).p_value for series in noise.T], dtype=float)
    return {
        "memory": MEMORY,
        "days": TAIL_DAYS,
        "series": TAIL_SERIES,
        "share": {level: float((p_values <= level).mean()) for level in (0.05, 0.001)},
    }


def cscv_seconds() -> float:
    trials = np.random.default_rng(1).normal(0, 0.01, (755, 1000))
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        found = backtest_overfitting(trials, blocks=16)
        seconds.append(time.perf_counter() - started)
        assert len(found.logits) == 12_870
    return round(statistics.median(seconds), 3)


def paths_ratio() -> dict[str, float]:
    """Seconds of the train step with and without paths, on the demo's volatility idea."""
    target = {"kind": VOLATILITY, "horizon": 5}
    families = ["price", "volume", "volatility", "calendar", "cross_section", "sector"]
    automl = {"trials": 24, "budget_seconds": 3600, "ensemble": 4, "seed": 7}
    seconds = {}
    with tempfile.TemporaryDirectory() as folder:
        steps = _Steps(Path(folder))
        demo = ROOT / "resources" / "demo"
        sources = [demo / "sp500_daily_2013_2018.parquet", demo / "sectors.csv"]
        bars = steps.run("ingest", {"name": "demo"}, {}, sources=sources)
        check = steps.run("check", {"calendar": "XNYS"}, {"bars": bars})
        before = {"bars": bars, "check": check}
        made = steps.run("features", {"families": families, "add": []}, before)
        before["features"] = made
        for scheme in ("expanding", "cpcv"):
            validation = {"scheme": scheme}
            selection = {"max_features": 48, "max_correlation": 0.97}
            params = {"target": target, "validation": validation}
            chosen = steps.run("select", {**params, "selection": selection}, before)
            trained = steps.run("train", {**params, "automl": automl}, {**before, "select": chosen})
            seconds[scheme] = trained.manifest.seconds
    return {
        "walk_forward_seconds": seconds["expanding"],
        "cpcv_seconds": seconds["cpcv"],
        "cpcv_over_walk_forward": round(seconds["cpcv"] / seconds["expanding"], 2),
    }


class _Steps:
    """Runs real steps, each into a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def run(
        self,
        name: str,
        params: dict[str, Any],
        inputs: dict[str, Artifact],
        sources: list[Path] | None = None,
    ) -> Artifact:
        self._count += 1
        output = self._folder / f"{self._count}-{name}"
        uris: dict[str, str | list[str]] = {
            key: artifact.path.as_uri() for key, artifact in inputs.items()
        }
        if sources:
            uris["source"] = [source.as_uri() for source in sources]
        request = StepRequest(
            step=name,
            key=f"{self._count:064x}",
            params=params,
            inputs=uris,
            places={"table": str(self._folder / "table")} if sources else {},
            output=output.as_uri(),
        )
        run_request(request, Emitter(lambda event: None), load=load_step)
        return read_artifact(output)


if __name__ == "__main__":
    sys.exit(main())

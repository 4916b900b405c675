"""The steps of an idea, run for real on a small market, and copies of what they leave changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.steps import load_step

DAYS, SYMBOLS, HORIZON = 420, 16, 5
VOLATILITY, RETURN, DIRECTION = "log_realised_volatility", "forward_return", "direction"
MANIFEST = "manifest.json"
Inputs = dict[str, Artifact]


def prices() -> pl.DataFrame:
    """Volatilities that last; the last two symbols are listed late."""
    rng = np.random.default_rng(3)
    level = np.zeros((DAYS, SYMBOLS))
    for day in range(1, DAYS):
        level[day] = 0.95 * level[day - 1] + rng.normal(0, 0.2, SYMBOLS)
    volatility = 0.015 * np.exp(level)
    close = 50 * np.exp(np.cumsum(volatility * rng.normal(0, 1, level.shape), axis=0))
    opened = close * np.exp(0.3 * volatility * rng.normal(0, 1, level.shape))
    reach = np.exp(np.abs(volatility * rng.normal(0, 0.5, (2, *level.shape))))
    days = [dt.date(2015, 1, 1) + dt.timedelta(days=i) for i in range(DAYS)]
    frame = pl.DataFrame(
        {
            "symbol": np.repeat([f"S{place:02}" for place in range(SYMBOLS)], DAYS),
            "date": days * SYMBOLS,
            "open": opened.T.ravel(),
            "high": (np.maximum(opened, close) * reach[0]).T.ravel(),
            "low": (np.minimum(opened, close) / reach[1]).T.ravel(),
            "close": close.T.ravel(),
            "volume": np.round(1e6 * np.exp(rng.normal(0, 0.4, level.shape))).T.ravel(),
        }
    )
    late = (pl.col("symbol") >= f"S{SYMBOLS - 2}") & (pl.col("date") < frame["date"][200])
    return frame.filter(~late)


def sectors() -> pl.DataFrame:
    symbols = [f"S{place:02}" for place in range(SYMBOLS)]
    return pl.DataFrame(
        {"symbol": symbols, "sector": [f"sector {place % 5}" for place in range(SYMBOLS)]}
    )


class Run:
    """The steps of an idea in order; `train()` and `judge()` may be run again."""

    def __init__(self, run_step: Any, folder: Path, kind: str, **validation: Any) -> None:
        self.run_step, self.kind = run_step, kind
        self.target = {"kind": kind, "horizon": HORIZON}
        cut = {"folds": 3, "embargo": 3, **validation}
        self.asked = {"target": self.target, "validation": cut}
        sources = [folder / "prices.parquet"]
        prices().write_parquet(sources[0])
        if validation.get("hold_out") == "sector":
            sources.append(folder / "sectors.csv")
            sectors().write_csv(sources[1])
        self.inputs: Inputs = {
            "bars": self._step(
                "ingest",
                {"name": "small"},
                sources={"source": sources},
                places={"table": folder / "table"},
            )
        }
        self.inputs["check"] = self._step("check", {"calendar": "24/7"}, inputs=self.inputs)
        families = ["price", "volatility"] if kind == VOLATILITY else ["price"]
        self.inputs["features"] = self._step(
            "features", {"families": families, "add": []}, inputs=self.inputs
        )
        self.inputs["select"] = self._step(
            "select", {**self.asked, "selection": {"max_features": 8}}, inputs=self.inputs
        )
        self.inputs |= self.trained()

    def _step(self, name: str, params: dict[str, Any], **given: Any) -> Artifact:
        step = load_step(name)
        wanted = {one.rstrip("?") for one in step.inputs}
        if "inputs" in given:
            given["inputs"] = {k: v for k, v in given["inputs"].items() if k in wanted}
        return self.run_step(step, params, **given)

    def trained(self) -> Inputs:
        """The train step, and the backtest of what it predicts."""
        automl = {"trials": 6, "budget_seconds": 600, "ensemble": 3}
        train = self._step("train", {**self.asked, "automl": automl}, inputs=self.inputs)
        trading = {"strategy": "long_short", "quantile": 0.25, "rebalance": 5}
        if self.kind == VOLATILITY:
            trading = {"strategy": "inverse_volatility", "rebalance": 5}
        book = self._step(
            "backtest",
            {"backtest": trading, "target": self.target},
            inputs={**self.inputs, "train": train},
        )
        return {"train": train, "backtest": book}

    def judged(self, **changed: Artifact) -> tuple[dict[str, Any], dict[str, Any]]:
        """The gate on leaks, and the verdict."""
        params = {"target": self.target, "features": {}, "trials_on_data": 6}
        made = self._step("judge", params, inputs={**self.inputs, **changed})
        verdict = json.loads(made.file("verdict.json").read_text("utf-8"))
        return next(gate for gate in verdict["gates"] if gate["name"] == "leaks"), verdict

    def failed(self, **changed: Artifact) -> dict[str, list[str]]:
        """Deciding detectors that fail, and where; the verdict must then be reject."""
        gate, verdict = self.judged(**changed)
        found = {
            test["detector"]: test["where"]
            for test in verdict["leaks"]
            if test["decides"] and not test["passed"]
        }
        assert gate["value"] == len(found)
        assert gate["passed"] == (not found)
        if found:
            assert verdict["verdict"] == "reject"
            assert "knows what it could not have known" in verdict["summary"]
        return found

    def changed(self, name: str, file: str, change: Callable[[Path], None], to: Path) -> Artifact:
        """A copy of an artifact in which one file is another one."""
        shutil.copytree(self.inputs[name].path, to)
        change(to / file)
        manifest = json.loads((to / MANIFEST).read_text("utf-8"))
        for one in manifest["files"]:
            if one["path"] == file:
                content = (to / file).read_bytes()
                one |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        (to / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        return Artifact(to, self.inputs[name].manifest)

"""Artifacts as the steps before the judge leave them, made from a small synthetic market."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from deltalake import write_deltalake

from breadthflow_engine.language import FeatureSpec, compile_features
from breadthflow_engine.protocol.messages import MadeBy, Manifest, Resources
from breadthflow_engine.protocol.step import Artifact, Emitter, Outcome, StepContext
from breadthflow_engine.steps.judge import STEP

DAYS = [dt.date(2018, 1, 1) + dt.timedelta(days=day) for day in range(400)]
SPECS = [
    FeatureSpec("return_5", "close / delay(close, 5) - 1", 6),
    FeatureSpec("range_1", "high / low - 1", 1),
    FeatureSpec("unused", "close / open - 1", 1),
]


def market(symbols: int = 8) -> pl.DataFrame:
    rng = np.random.default_rng(2)
    shape = (len(DAYS), symbols)
    close = 50 * np.exp(np.cumsum(rng.normal(0, 0.02, shape), axis=0))
    opened = close * np.exp(rng.normal(0, 0.01, shape))
    return pl.DataFrame(
        {
            "symbol": np.repeat([f"S{place}" for place in range(symbols)], len(DAYS)),
            "date": DAYS * symbols,
            "open": opened.T.ravel(),
            "high": (np.maximum(opened, close) * 1.01).T.ravel(),
            "low": (np.minimum(opened, close) * 0.99).T.ravel(),
            "close": close.T.ravel(),
            "volume": rng.integers(1_000, 9_000, shape).astype(np.float64).T.ravel(),
        }
    )


@dataclass
class Case:
    """What the steps before found, in a few numbers; `judge()` runs the step on it.

    `ic`, `baselines`: mean daily rank ICs, with a scatter of 0.05; `trial_ics`: of the run's own
    trials; `sharpe`: yearly, of the book.
    """

    root: Path
    kind: str = "forward_return"
    ic: float = 0.05
    baselines: dict[str, float] = field(default_factory=lambda: {"sign": 0.0, "momentum": 0.01})
    trial_ics: tuple[float, ...] = (0.05, 0.04, 0.03)
    sharpe: float = 3.0
    right: float = 0.52
    trials: int = 24
    trials_on_data: int = 24
    gates: dict[str, Any] = field(default_factory=dict)
    survivorship: bool = False
    leaky: bool = False
    capacity: dict[str, Any] | None = None

    def artifact(self, kind: str, summary: dict[str, Any], **params: Any) -> Artifact:
        path = self.root / kind
        path.mkdir(parents=True, exist_ok=True)
        made_by = MadeBy(
            step=kind, version="1", key="", params=params, inputs={}, lock="", engine=""
        )
        manifest = Manifest(kind=kind, files=[], made_by=made_by, summary=summary, seconds=0)
        return Artifact(path, manifest)

    def inputs(self) -> dict[str, Artifact]:
        bars = self.artifact(
            "bars", {"name": "m", "table": str(self.root / "table"), "delta_version": 0}
        )
        (self.root / "table").mkdir()
        write_deltalake(str(self.root / "table"), market().to_arrow())
        check = self.artifact("check", {"survivorship": self.survivorship})
        pl.DataFrame(
            schema={
                "symbol": pl.String,
                "date": pl.Date,
                "action": pl.String,
                "field": pl.String,
                "value": pl.Float64,
            }
        ).write_parquet(check.path / "actions.parquet")
        return {
            "bars": bars,
            "check": check,
            "features": self.features(),
            "select": self.selection(),
            "train": self.train(),
            "backtest": self.backtest(),
        }

    def features(self) -> Artifact:
        made = self.artifact("features", {}, families=["price"])
        table = compile_features(market().lazy(), SPECS).collect()
        if self.leaky:
            table = table.with_columns(pl.col("range_1").shift(-1).over("symbol"))
        table.write_parquet(made.path / "features.parquet")
        entries = [
            {"name": s.name, "expression": s.expression, "lookback": s.lookback} for s in SPECS
        ]
        (made.path / "catalogue.json").write_text(json.dumps(entries))
        return made

    def selection(self) -> Artifact:
        made = self.artifact("selection", {})
        (made.path / "selection.json").write_text(json.dumps({"final": ["return_5", "range_1"]}))
        return made

    def train(self) -> Artifact:
        made = self.artifact("model", {"trials": self.trials})
        rng = np.random.default_rng(9)
        days = DAYS[-240:]
        common = rng.normal(0, 0.05, len(days))
        columns = {"model": common - common.mean() + self.ic}
        for name, mean in self.baselines.items():
            noise = rng.normal(0, 0.005, len(days))
            columns[f"baseline_{name}"] = common - common.mean() + mean + noise - noise.mean()
        folds = pl.Series("fold", np.repeat(range(6), 40), pl.Int32)
        pl.DataFrame({"date": days, "fold": folds, **columns}).write_parquet(
            made.path / "ic.parquet"
        )
        trials = {
            f"trial_{number}": columns["model"] - self.ic + mean + rng.normal(0, 0.005, len(days))
            for number, mean in enumerate(self.trial_ics)
        }
        pl.DataFrame({"date": days, "fold": folds, **trials}).write_parquet(
            made.path / "trial_ic.parquet"
        )
        symbols = market()["symbol"].unique(maintain_order=True)
        rows = len(days) * len(symbols)
        right = rng.random(rows) < self.right
        label = rng.normal(0, 0.02, rows)
        pl.DataFrame(
            {
                "symbol": np.repeat(symbols.to_numpy(), len(days)),
                "date": days * len(symbols),
                "label": label,
                "prediction": np.where(right, label, -label),
            }
        ).write_parquet(made.path / "predictions.parquet")
        return made

    def backtest(self) -> Artifact:
        made = self.artifact("backtest", {})
        rng = np.random.default_rng(6)
        noise = rng.normal(0, 1, (2, 500))
        noise = (noise - noise.mean(axis=1, keepdims=True)) / noise.std(axis=1, keepdims=True)
        net = 0.01 * (noise[0] + self.sharpe / 252**0.5)
        if self.sharpe == 0:
            net = np.zeros(500)
        returns, benchmark = np.append(0.0, net), np.append(0.0, 0.01 * (noise[1] + 0.05))
        equity = np.cumprod(1 + returns)
        pl.DataFrame(
            {
                "date": pl.date_range(
                    DAYS[-1] - dt.timedelta(days=500), DAYS[-1], interval="1d", eager=True
                ),
                "net_return": returns,
                "turnover": np.where(returns != 0, 0.4, 0.0),
                "trading_cost": np.where(returns != 0, 0.4 * 0.0006, 0.0),
                "benchmark_return": benchmark,
                "equity": equity,
                "benchmark_equity": np.cumprod(1 + benchmark),
                "drawdown": equity / np.maximum.accumulate(equity) - 1,
            }
        ).write_parquet(made.path / "equity.parquet")
        (made.path / "analytics.json").write_text(json.dumps({"capacity": self.capacity}))
        return made

    def judge(self) -> tuple[Outcome, dict[str, Any]]:
        output = self.root / "output"
        output.mkdir(parents=True)
        params = STEP.params.model_validate(
            {
                "target": {"kind": self.kind, "horizon": 5},
                "gates": self.gates,
                "features": {"families": ["price"], "add": []},
                "trials_on_data": self.trials_on_data,
            }
        )
        context = StepContext(
            inputs=self.inputs(),
            sources={},
            places={},
            output=output,
            emit=Emitter(lambda event: None),
            resources=Resources(),
        )
        outcome = STEP.run(params, context)
        return outcome, json.loads((output / "verdict.json").read_text("utf-8"))


@pytest.fixture
def case(tmp_path: Path):
    return lambda **found: Case(tmp_path, **found)

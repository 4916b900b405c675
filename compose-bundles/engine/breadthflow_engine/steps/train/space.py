"""What the search may try: good defaults first, then each engine's space."""

from __future__ import annotations

from typing import Any, cast

import optuna

from breadthflow_engine.models.label_transform import LABEL_TRANSFORMS
from breadthflow_engine.steps.train.settings import Engine

_DEFAULTS: dict[Engine, list[dict[str, Any]]] = {
    "elastic_net": [
        {"label_transform": "centred", "alpha": 1e-3, "l1_ratio": 0.1},
        {"label_transform": "rank_gauss", "alpha": 1e-4, "l1_ratio": 0.1},
    ],
    "lightgbm": [
        {
            "label_transform": "centred",
            "rounds": 60,
            "learning_rate": 0.12,
            "num_leaves": 15,
            "min_data_in_leaf": 100,
            "feature_fraction": 0.5,
            "lambda_l2": 5.0,
        },
        {
            "label_transform": "rank_gauss",
            "rounds": 70,
            "learning_rate": 0.1,
            "num_leaves": 15,
            "min_data_in_leaf": 200,
            "feature_fraction": 0.4,
            "lambda_l2": 20.0,
        },
    ],
    "extra_trees": [
        {
            "label_transform": "centred",
            "rounds": 24,
            "num_leaves": 64,
            "min_data_in_leaf": 20,
            "feature_fraction": 0.6,
            "bagging_fraction": 0.3,
        },
    ],
}

# The cheapest to fit goes first: a search that is stopped early has a model all the same.
_ORDER: tuple[Engine, ...] = ("elastic_net", "lightgbm", "extra_trees")


def default_trials(engines: list[Engine]) -> list[dict[str, Any]]:
    """Configurations tried before any other, as Optuna's parameters: one an engine, then seconds.

    They were chosen without looking at the data set, so the first of each engine may be blended
    where no out-of-fold prediction exists yet to choose by.
    """
    chosen: list[Engine] = [engine for engine in _ORDER if engine in engines]
    rows = max(len(_DEFAULTS[engine]) for engine in chosen)
    return [
        {"engine": engine} | {f"{engine}.{k}": v for k, v in _DEFAULTS[engine][row].items()}
        for row in range(rows)
        for engine in chosen
        if row < len(_DEFAULTS[engine])
    ]


def suggest(trial: optuna.trial.Trial, engines: list[Engine]) -> tuple[Engine, dict[str, Any]]:
    """Ask Optuna for an engine and its parameters."""
    allowed = [engine for engine in _ORDER if engine in engines]
    engine = cast(Engine, trial.suggest_categorical("engine", allowed))

    def choice(name: str, options: tuple[str, ...]) -> str:
        return trial.suggest_categorical(f"{engine}.{name}", options)

    def real(name: str, low: float, high: float, *, log: bool = False) -> float:
        return trial.suggest_float(f"{engine}.{name}", low, high, log=log)

    def whole(name: str, low: int, high: int, *, log: bool = False) -> int:
        return trial.suggest_int(f"{engine}.{name}", low, high, log=log)

    params: dict[str, Any] = {"label_transform": choice("label_transform", LABEL_TRANSFORMS)}
    if engine == "elastic_net":
        params["alpha"] = real("alpha", 1e-5, 1e-1, log=True)
        params["l1_ratio"] = real("l1_ratio", 0.0, 1.0)
    elif engine == "lightgbm":
        params["rounds"] = whole("rounds", 30, 80)
        params["learning_rate"] = real("learning_rate", 0.04, 0.25, log=True)
        params["num_leaves"] = whole("num_leaves", 6, 31, log=True)
        params["min_data_in_leaf"] = whole("min_data_in_leaf", 20, 1000, log=True)
        params["feature_fraction"] = real("feature_fraction", 0.2, 0.9)
        params["lambda_l2"] = real("lambda_l2", 0.1, 100.0, log=True)
    else:
        params["rounds"] = whole("rounds", 16, 32)
        params["num_leaves"] = whole("num_leaves", 24, 96, log=True)
        params["min_data_in_leaf"] = whole("min_data_in_leaf", 5, 100, log=True)
        params["feature_fraction"] = real("feature_fraction", 0.3, 0.9)
        params["bagging_fraction"] = real("bagging_fraction", 0.1, 0.4)
    return engine, params

"""Writes a model of 300 LightGBM trees on 40 features, with its example, into a folder."""

import json
import sys
from pathlib import Path

import lightgbm as lgb
import numpy as np

from breadthflow_engine.models.saved import SavedModel, TreeMember

TREES = 300
FEATURES = 40

folder = Path(sys.argv[1])
chance = np.random.default_rng(7)
rows = chance.standard_normal((5000, FEATURES)).astype(np.float32)
labels = rows[:, :5].sum(axis=1) + chance.standard_normal(len(rows))
booster = lgb.train(
    {"objective": "regression", "num_leaves": 31, "verbosity": -1, "num_threads": 1, "seed": 7},
    lgb.Dataset(rows, labels),
    num_boost_round=TREES,
)
model = SavedModel(
    features=tuple(f"feature_{index}" for index in range(FEATURES)),
    target={"kind": "forward_return", "horizon": 5},
    members=(TreeMember(booster, scale=1.0, shift=0.0),),
    weights=(1.0,),
    names=("lightgbm",),
)
model.save(folder / "data" / "model")
asked = rows[:2].copy()
asked[1, 3] = np.nan
data = [None if np.isnan(value) else float(value) for value in asked.ravel()]
request = {
    "inputs": [{"name": "features", "shape": list(asked.shape), "datatype": "FP32", "data": data}]
}
outputs = [
    {
        "name": "prediction",
        "shape": [len(asked), 1],
        "datatype": "FP64",
        "data": model.predict(asked).tolist(),
    }
]
example = {"request": request, "response": {"outputs": outputs}}
(folder / "example.json").write_text(json.dumps(example), encoding="utf-8")

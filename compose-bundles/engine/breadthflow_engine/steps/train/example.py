"""The stored example: a request to the deployed model, and the answer that it must give."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from breadthflow_engine.models.saved import SavedModel
from breadthflow_engine.steps.train.panel import Panel
from breadthflow_engine.steps.train.results import write_json

EXAMPLE_ROWS = 2


def write_example(output: Path, panel: Panel, model: SavedModel) -> None:
    """`example.json`: an Open Inference Protocol v2 request over the panel's last complete rows.

    `{request: {id, inputs: [features]}, response: {outputs: [prediction]}}`; a missing feature is
    null.
    """
    matrix = panel.matrix(slice(-2000, None), model.features)
    most_complete = np.argsort(np.isnan(matrix).sum(axis=1), kind="stable")[:EXAMPLE_ROWS]
    rows = matrix[np.sort(most_complete)]
    data: list[Any] = [None if math.isnan(value) else value for value in rows.ravel().tolist()]
    request = {
        "id": "example",
        "inputs": [
            {"name": "features", "datatype": "FP32", "shape": list(rows.shape), "data": data}
        ],
    }
    prediction = model.predict(rows)
    response = {
        "outputs": [
            {
                "name": "prediction",
                "datatype": "FP64",
                "shape": [len(rows), 1],
                "data": prediction.tolist(),
            }
        ]
    }
    write_json(output / "example.json", {"request": request, "response": response})

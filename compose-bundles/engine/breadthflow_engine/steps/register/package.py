"""The model as MLflow wants it: a folder with signature, input example and loader."""

from __future__ import annotations

import json
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mlflow.pyfunc
import numpy as np
import pandas as pd
from mlflow.models.signature import ModelSignature
from mlflow.types import ColSpec, DataType, Schema

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Artifact

LOADER = "breadthflow_engine.serving.pyfunc"
EXAMPLE = "example.json"


def package_model(train: Artifact, folder: Path) -> Path:
    """Write the final model of a train artifact as an MLflow model into `folder`.

    Beside what MLflow writes there is the step's own `example.json`, a request of the Open
    Inference Protocol with the answer that training gave, by which a deployment is tested.
    """
    features = model_features(train)
    example = train.file(EXAMPLE)
    given = json.loads(example.read_text(encoding="utf-8"))
    signature = ModelSignature(
        inputs=Schema([ColSpec(DataType.double, name) for name in features]),
        outputs=Schema([ColSpec(DataType.double, "prediction")]),
    )
    mlflow.pyfunc.save_model(
        str(folder),
        loader_module=LOADER,
        data_path=str(train.file("model")),
        signature=signature,
        input_example=example_rows(given["request"], features),
        # Named, as MLflow would otherwise start a process to find out.
        pip_requirements=[f"{name}=={version(name)}" for name in ("lightgbm", "numpy")],
    )
    shutil.copyfile(example, folder / EXAMPLE)
    return folder


def model_features(train: Artifact) -> list[str]:
    """Names of the model's features, in the order of its columns."""
    model = json.loads((train.file("model") / "model.json").read_text(encoding="utf-8"))
    return list(model["features"])


def example_rows(request: dict[str, Any], features: list[str]) -> pd.DataFrame:
    """The request's one tensor [n, features] as rows; missing values stay NaN.

    Raises:
        StepError: `register.example_shape` if it has another shape.
    """
    tensors = request["inputs"]
    shape = tensors[0]["shape"] if len(tensors) == 1 else None
    if shape is None or len(shape) != 2 or shape[1] != len(features):
        raise StepError(
            "register.example_shape",
            f"The example request has tensors of shape {[t['shape'] for t in tensors]}, not one "
            f"of [n, {len(features)}].",
            "Run the train step again: its artifact was made by another version.",
            file=EXAMPLE,
        )
    values = [np.nan if value is None else value for value in tensors[0]["data"]]
    return pd.DataFrame(np.asarray(values, dtype=np.float64).reshape(shape), columns=features)

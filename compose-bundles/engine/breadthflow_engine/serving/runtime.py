"""The MLServer runtime. Settings name it as `breadthflow_engine.serving.runtime.WorkbenchModel`,
with `parameters.uri` the folder that holds `model.json`."""

# MLServer lives in the serving environment only, where this file runs; the core one lacks it.
# pyright: reportMissingImports=false

from __future__ import annotations

import gc
from pathlib import Path

from mlserver import MLModel
from mlserver.errors import InferenceError, InvalidModelURI
from mlserver.types import (
    Datatype,
    InferenceRequest,
    InferenceResponse,
    MetadataTensor,
    ResponseOutput,
    TensorData,
)
from mlserver.utils import get_model_uri

from breadthflow_engine.models.saved import MODEL_FILE, SavedModel
from breadthflow_engine.serving.tensors import RequestError, Tensor, rows_of

PREDICTION = "prediction"


class WorkbenchModel(MLModel):
    """Answers with one output, `prediction`, FP64 of shape [n, 1], in the label's unit.

    What a request may look like is told in `serving.tensors`; the metadata lists one input per
    feature, FP32, in the order that the tensor `features` has them.
    """

    _model: SavedModel

    async def load(self) -> bool:
        uri = await get_model_uri(self._settings, wellknown_filenames=[MODEL_FILE])
        try:
            path = Path(uri)
            self._model = SavedModel.load(path if path.is_dir() else path.parent)
        except (OSError, ValueError, KeyError) as error:
            raise InvalidModelURI(self.name, f"{uri}: {error}") from error
        self.inputs = [
            MetadataTensor(name=name, datatype=Datatype.FP32, shape=[-1])
            for name in self._model.features
        ]
        self.outputs = [MetadataTensor(name=PREDICTION, datatype=Datatype.FP64, shape=[-1, 1])]
        # What the libraries and the model made stays: without it, each full collection walks all
        # of it again, in the middle of somebody's request.
        gc.collect()
        gc.freeze()
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """Predict every row of the request; a wrong request is a 400 that says what is wrong."""
        try:
            rows = rows_of(
                [
                    Tensor(one.name, one.shape, Datatype(one.datatype).value, one.data.root)
                    for one in payload.inputs
                ],
                self._model.features,
            )
        except RequestError as error:
            raise InferenceError(str(error)) from error
        for wanted in payload.outputs or []:
            if wanted.name != PREDICTION:
                raise InferenceError(f"There is no output {wanted.name}, only {PREDICTION}.")
        prediction = self._model.predict(rows)
        return InferenceResponse(
            id=payload.id,
            model_name=self.name,
            model_version=self.version,
            outputs=[
                ResponseOutput(
                    name=PREDICTION,
                    shape=[len(prediction), 1],
                    datatype=Datatype.FP64,
                    data=TensorData(root=prediction.tolist()),
                )
            ],
        )

"""A model server's runtime for tests: weights from model.json, one prediction a row."""

import json
from pathlib import Path

from mlserver import MLModel
from mlserver.types import InferenceRequest, InferenceResponse, ResponseOutput


class LinearModel(MLModel):
    async def load(self) -> bool:
        folder = Path(self._settings.parameters.uri)
        self._weights = json.loads((folder / "model.json").read_text())["weights"]
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        rows, width = payload.inputs[0].shape
        data = list(payload.inputs[0].data)
        predictions = [
            sum(
                w * x for w, x in zip(self._weights, data[r * width : (r + 1) * width], strict=True)
            )
            for r in range(rows)
        ]
        output = ResponseOutput(
            name="prediction", shape=[rows, 1], datatype="FP64", data=predictions
        )
        return InferenceResponse(model_name=self.name, model_version=self.version, outputs=[output])

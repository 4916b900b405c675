"""MLflow's way to the same model: `loader_module="breadthflow_engine.serving.pyfunc"` with
`data_path` the folder that holds `model.json`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.models.saved import SavedModel

if TYPE_CHECKING:
    import pandas as pd


class WorkbenchPyfunc:
    """A saved model behind MLflow's `predict`."""

    def __init__(self, model: SavedModel) -> None:
        self.model = model

    def predict(
        self, model_input: pd.DataFrame, params: dict[str, Any] | None = None
    ) -> NDArray[np.float64]:
        """Predict in the label's unit, shape [rows].

        Args:
            model_input: one column per feature, in any order, others ignored; NaN is a missing
                value.
            params: none are known.

        Raises:
            ValueError: a feature is missing, or `params` are given.
        """
        if params:
            raise ValueError(f"The model takes no params, but was given {sorted(params)}.")
        missing = [name for name in self.model.features if name not in model_input.columns]
        if missing:
            raise ValueError(f"Missing columns: {', '.join(missing)}.")
        return self.model.predict(model_input[list(self.model.features)].to_numpy(np.float32))


def _load_pyfunc(data_path: str) -> WorkbenchPyfunc:
    """What MLflow calls. A file of the folder will do too, as MLflow may pass `model.json`."""
    path = Path(data_path)
    return WorkbenchPyfunc(SavedModel.load(path if path.is_dir() else path.parent))

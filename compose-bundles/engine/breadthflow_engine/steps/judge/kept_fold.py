"""The models that predicted one fold out of fold, and what they say from bars cut at a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.language import FeatureSpec, compile_features
from breadthflow_engine.leaks.subject import FoldRows, Pipeline
from breadthflow_engine.models.saved import MODEL_FILE, SavedModel
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.steps.train.provenance import KEPT_MODEL
from breadthflow_engine.steps.train.search import KEPT_FOLD
from breadthflow_engine.steps.train.settings import TrainParams

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class KeptFold:
    """`told`: symbol, date and prediction of the fold, those that are judged; `specs` of the
    model's features. `part`: the part of the fold that the model predicted, where symbols are held
    out."""

    index: int
    part: int | None
    model: SavedModel
    told: pl.DataFrame
    params: TrainParams
    trials: pl.DataFrame
    specs: tuple[FeatureSpec, ...]
    attributes: pl.DataFrame | None

    @classmethod
    def read(
        cls,
        train: Artifact,
        catalogue: tuple[FeatureSpec, ...],
        attributes: pl.DataFrame | None,
        folds: tuple[FoldRows, ...],
    ) -> KeptFold | None:
        """None where the train step kept none."""
        folder = train.path / KEPT_MODEL
        if not (folder / MODEL_FILE).exists():
            return None
        model = SavedModel.load(folder)
        by_name = {spec.name: spec for spec in catalogue}
        cell = next((fold for fold in folds if fold.index == KEPT_FOLD), None)
        told = pl.read_parquet(train.file("predictions.parquet")).filter(
            pl.col("fold") == KEPT_FOLD
        )
        if cell is not None and cell.part is not None:
            told = told.filter(pl.col("symbol").is_in(cell.held_out))
        return cls(
            KEPT_FOLD,
            None if cell is None else cell.part,
            model,
            told.select("symbol", "date", "prediction"),
            TrainParams.model_validate(train.manifest.made_by.params),
            pl.read_parquet(train.file("trials.parquet")),
            tuple(by_name[name] for name in model.features),
            attributes,
        )

    def pipeline(self, seed: int) -> Pipeline:
        """Compared on a day of the fold that `seed` draws."""
        days = self.told["date"].unique().sort()
        day = days[int(np.random.default_rng(seed).integers(len(days)))]
        return Pipeline(self._predict, self.told, days=(day,))

    def _predict(self, bars: pl.LazyFrame, day: dt.date) -> pl.DataFrame:
        table = compile_features(bars, list(self.specs), self.attributes)
        rows = table.filter(pl.col("date") == day).collect(engine="in-memory")
        predicted = pl.Series("prediction", self._blend(self.matrix(rows)))
        # A row without a label is predicted, but not judged.
        told = self.told.filter(pl.col("date") == day).select("symbol")
        return rows.select("symbol").with_columns(predicted).join(told, on="symbol", how="semi")

    def _blend(self, rows: NDArray[np.float32]) -> Floats:
        """As the train step blends predictions of a fold, which it holds as float32."""
        parts = zip(self.model.members, self.model.weights, strict=True)
        return sum(
            (
                weight * member.predict(rows).astype(np.float32).astype(float)
                for member, weight in parts
            ),
            start=np.zeros(len(rows)),
        )

    def matrix(self, table: pl.DataFrame) -> NDArray[np.float32]:
        """The model's features as the train step reads them."""
        rows = table.select(self.model.features).cast(pl.Float32).fill_null(float("nan"))
        values = rows.to_numpy(order="c")
        return np.where(np.isinf(values), np.float32("nan"), values)

"""A fitted model as plain files: `model.json` with every number, LightGBM's text for the trees.

Prediction is the same code in training, in MLflow and behind the endpoint, so that the three give
the same bits. Needs numpy and LightGBM only. Nothing here is pickled: loading a model file runs
no code from it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

FORMAT = 1
MODEL_FILE = "model.json"

# Rows of a linear prediction at a time: what is worked on stays in the processor's cache.
_CHUNK = 2048

Rows = NDArray[np.float32]
Floats = NDArray[np.float64]


class Member(Protocol):
    """One fitted model. Prediction is in the label's unit; NaN in `rows` means missing."""

    def predict(self, rows: Rows) -> Floats: ...

    def importance(self) -> Floats:
        """Share of each feature, shape [features], of sum 1 (or all 0)."""
        ...


@dataclass(frozen=True)
class LinearMember:
    """Impute, clip, standardise, then a weighted sum. Arrays of shape [features].

    A row's prediction does not depend on the rows beside it: the sum runs along the row rather
    than through a matrix product, whose order of addition varies with the number of rows.
    """

    fill: Floats
    lower: Floats
    upper: Floats
    mean: Floats
    scale: Floats
    coefficients: Floats
    intercept: float

    def predict(self, rows: Rows) -> Floats:
        predicted = np.empty(len(rows))
        slopes = self.coefficients / self.scale
        for start in range(0, len(rows), _CHUNK):
            chunk = rows[start : start + _CHUNK]
            x = np.where(np.isnan(chunk), self.fill, chunk)
            np.clip(x, self.lower, self.upper, out=x)
            x -= self.mean
            x *= slopes
            predicted[start : start + _CHUNK] = x.sum(axis=1)
        return predicted + self.intercept

    def importance(self) -> Floats:
        return _shares(np.abs(self.coefficients))


@dataclass(frozen=True)
class TreeMember:
    """A LightGBM booster; its output times `scale` plus `shift` is in the label's unit."""

    booster: lgb.Booster
    scale: float
    shift: float

    def predict(self, rows: Rows) -> Floats:
        # One thread: for a row or two, waking LightGBM's pool costs up to 1,000 times the work.
        raw = np.asarray(self.booster.predict(rows, num_threads=1), dtype=np.float64)
        return raw * self.scale + self.shift

    def importance(self) -> Floats:
        return _shares(np.asarray(self.booster.feature_importance("gain"), dtype=np.float64))


@dataclass(frozen=True)
class SavedModel:
    """A weighted mean of members over the same features.

    Attributes:
        features: names, in the order of the columns of `rows`.
        target: `{kind, horizon}` of what is predicted.
        members: the fitted members.
        weights: one a member, of sum 1.
        names: one a member, for people.
    """

    features: tuple[str, ...]
    target: dict[str, Any]
    members: tuple[Member, ...]
    weights: tuple[float, ...]
    names: tuple[str, ...]

    def predict(self, rows: NDArray) -> Floats:
        """Predict in the label's unit.

        Args:
            rows: shape [n, features], NaN for a missing value. Taken as float32, which is what
                features are stored in.

        Returns:
            Shape [n].

        Raises:
            ValueError: for another shape.
        """
        rows = np.ascontiguousarray(rows, dtype=np.float32)
        if rows.ndim != 2 or rows.shape[1] != len(self.features):
            raise ValueError(f"rows of shape {rows.shape}, not [n, {len(self.features)}]")
        total = np.zeros(len(rows))
        if len(rows):
            for member, weight in zip(self.members, self.weights, strict=True):
                total += weight * member.predict(rows)
        return total

    def importance(self) -> dict[str, float]:
        """Share of each feature, members weighted."""
        total = np.zeros(len(self.features))
        for member, weight in zip(self.members, self.weights, strict=True):
            total += weight * member.importance()
        return dict(zip(self.features, total.tolist(), strict=True))

    def save(self, folder: Path) -> None:
        """Write `model.json` and one text file for each booster into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        members = []
        for i, (member, weight) in enumerate(zip(self.members, self.weights, strict=True)):
            record: dict[str, Any] = {"name": self.names[i], "weight": weight}
            if isinstance(member, TreeMember):
                file = f"member_{i}.txt"
                text = member.booster.model_to_string()
                (folder / file).write_text(text, encoding="utf-8", newline="\n")
                record |= {"kind": "trees", "file": file}
                record |= {"scale": member.scale, "shift": member.shift}
            elif isinstance(member, LinearMember):
                record |= {"kind": "linear", "intercept": member.intercept}
                record |= {name: getattr(member, name).tolist() for name in _LINEAR_ARRAYS}
            else:
                raise TypeError(f"a {type(member).__name__} cannot be saved")
            members.append(record)
        document = {
            "format": FORMAT,
            "target": self.target,
            "features": list(self.features),
            "members": members,
        }
        text = json.dumps(document, indent=1, allow_nan=False)
        (folder / MODEL_FILE).write_text(text, encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, folder: Path) -> SavedModel:
        """Read what `save` wrote.

        Raises:
            FileNotFoundError: a file of the model is missing.
            ValueError: the folder holds another format.
        """
        document = json.loads((folder / MODEL_FILE).read_text(encoding="utf-8"))
        if document.get("format") != FORMAT:
            raise ValueError(
                f"{folder / MODEL_FILE} has format {document.get('format')}, not {FORMAT}"
            )
        records = document["members"]
        return cls(
            features=tuple(document["features"]),
            target=document["target"],
            members=tuple(_read_member(record, folder) for record in records),
            weights=tuple(record["weight"] for record in records),
            names=tuple(record["name"] for record in records),
        )


_LINEAR_ARRAYS = ("fill", "lower", "upper", "mean", "scale", "coefficients")


def _read_member(record: dict[str, Any], folder: Path) -> Member:
    if record["kind"] == "linear":
        arrays = {name: np.asarray(record[name], dtype=np.float64) for name in _LINEAR_ARRAYS}
        return LinearMember(**arrays, intercept=record["intercept"])
    text = (folder / record["file"]).read_text(encoding="utf-8")
    return TreeMember(
        booster=lgb.Booster(model_str=text), scale=record["scale"], shift=record["shift"]
    )


def _shares(values: Sequence[float] | Floats) -> Floats:
    values = np.asarray(values, dtype=np.float64)
    total = values.sum()
    return values / total if total > 0 else values

"""Open Inference Protocol v2 tensors to the rows that a model takes, with errors a caller can use.

A request names its features in one of two ways: one tensor per feature, of shape [n] or [n, 1]; or
one tensor `features` of shape [n, features], in the order of the model's metadata. A null (or NaN)
is a missing value, which the model imputes as it did in training. Infinities are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

FEATURES = "features"
NUMERIC = ("FP32", "FP64", "INT32", "INT64")


class RequestError(ValueError):
    """The request is wrong, not the server: an HTTP 400."""


class Tensor(NamedTuple):
    """One input tensor; `data` is flat or nested lists in row-major order."""

    name: str
    shape: Sequence[int]
    datatype: str
    data: Any


def rows_of(tensors: Sequence[Tensor], features: Sequence[str]) -> NDArray[np.float32]:
    """Put the tensors of one request together.

    Returns:
        Shape [n, features], n >= 1, NaN for a missing value.

    Raises:
        RequestError: names the tensor and what it should be.
    """
    if len(tensors) == 1 and tensors[0].name == FEATURES:
        return _matrix(tensors[0], len(features))
    names = [tensor.name for tensor in tensors]
    _check_names(names, features)
    columns = {tensor.name: _column(tensor) for tensor in tensors}
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        raise RequestError(
            f"The tensors have different lengths: {', '.join(map(str, sorted(lengths)))}. "
            "Send one value per row in each."
        )
    return _checked(np.column_stack([columns[name] for name in features]), "an input")


def _check_names(names: list[str], features: Sequence[str]) -> None:
    hint = f"Send one tensor per feature, or one tensor `{FEATURES}` of shape [n, {len(features)}]."
    known = set(features)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise RequestError(f"Unknown inputs: {_some(unknown)}. {hint}")
    if len(set(names)) < len(names):
        raise RequestError("An input was sent twice. " + hint)
    missing = [name for name in features if name not in set(names)]
    if missing:
        raise RequestError(f"Missing inputs: {_some(missing)}. {hint}")


def _matrix(tensor: Tensor, width: int) -> NDArray[np.float32]:
    shape = list(tensor.shape)
    if len(shape) != 2 or shape[1] != width:
        raise RequestError(f"Input {tensor.name} has shape {shape}, not [n, {width}].")
    return _checked(_values(tensor).reshape(shape[0], width), f"input {tensor.name}")


def _column(tensor: Tensor) -> NDArray[np.float64]:
    shape = list(tensor.shape)
    if len(shape) not in (1, 2) or (len(shape) == 2 and shape[1] != 1):
        raise RequestError(f"Input {tensor.name} has shape {shape}, not [n] or [n, 1].")
    return _values(tensor)


def _values(tensor: Tensor) -> NDArray[np.float64]:
    if tensor.datatype not in NUMERIC:
        raise RequestError(
            f"Input {tensor.name} has datatype {tensor.datatype}, not one of {', '.join(NUMERIC)}."
        )
    count = 1
    for side in tensor.shape:
        count *= side
    if count < 1:
        raise RequestError(f"Input {tensor.name} has shape {list(tensor.shape)}: no rows.")
    try:
        values = np.asarray(tensor.data)
        if values.dtype.kind == "O":
            values = np.array([_number(value) for value in values.ravel()])
    except (ValueError, TypeError):
        raise RequestError(f"Input {tensor.name} has ragged or non-numeric data.") from None
    if values.dtype.kind not in "fiu":
        raise RequestError(f"Input {tensor.name} has data that are not numbers.")
    if values.size != count:
        raise RequestError(
            f"Input {tensor.name} has {values.size} values, but its shape "
            f"{list(tensor.shape)} says {count}."
        )
    return values.ravel().astype(np.float64)


def _number(value: Any) -> float:
    if value is None:
        return float("nan")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError
    return float(value)


def _checked(rows: NDArray[np.float64], what: str) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        rows32 = np.ascontiguousarray(rows, dtype=np.float32)
    if np.isinf(rows32).any():
        raise RequestError(
            f"There is an infinity, or a number beyond 32 bits, in {what}. "
            "Send null where a value is missing."
        )
    return rows32


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:10])
    return shown + (f" and {len(names) - 10} more" if len(names) > 10 else "")

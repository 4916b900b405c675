"""Requests in the Open Inference Protocol's words: what is taken, and what is refused and why."""

import math

import numpy as np
import pytest

from breadthflow_engine.serving.tensors import RequestError, Tensor, rows_of

NAMES = ("a", "b")


def matrix(data, shape=(1, 2), datatype="FP32"):
    return [Tensor("features", shape, datatype, data)]


def columns(**data):
    return [Tensor(name, [len(values)], "FP64", values) for name, values in data.items()]


def test_one_tensor_of_all_features():
    assert rows_of(matrix([1, 2, 3, 4], [2, 2]), NAMES).tolist() == [[1, 2], [3, 4]]
    assert rows_of(matrix([[1, 2], [3, 4]], [2, 2]), NAMES).tolist() == [[1, 2], [3, 4]]


def test_one_tensor_per_feature_in_any_order():
    assert rows_of(columns(b=[2.0, 4.0], a=[1.0, 3.0]), NAMES).tolist() == [[1, 2], [3, 4]]
    tall = [Tensor(name, [1, 1], "INT64", [value]) for name, value in (("a", 1), ("b", 2))]
    assert rows_of(tall, NAMES).tolist() == [[1, 2]]


def test_null_is_a_missing_value():
    rows = rows_of(matrix([None, 2.5]), NAMES)
    assert rows.dtype == np.float32
    assert math.isnan(rows[0, 0])
    assert rows[0, 1] == 2.5


@pytest.mark.parametrize(
    ("tensors", "says"),
    [
        ([], "Missing inputs: a, b"),
        (columns(a=[1.0]), "Missing inputs: b"),
        (columns(a=[1.0], b=[1.0], c=[1.0]), "Unknown inputs: c"),
        (columns(a=[1.0], b=[1.0]) + columns(a=[1.0]), "sent twice"),
        (columns(a=[1.0], b=[1.0, 2.0]), "different lengths: 1, 2"),
        (columns(a=[1.0], b=[1.0]) + matrix([1, 2]), "Unknown inputs: features"),
        (matrix([1, 2, 3], [1, 3]), r"shape \[1, 3\], not \[n, 2\]"),
        (matrix([1, 2], [2]), r"shape \[2\], not \[n, 2\]"),
        (matrix([], [0, 2]), "no rows"),
        (matrix([1, 2], [-1, 2]), "no rows"),
        (matrix([1, 2, 3], [1, 2]), "has 3 values"),
        (matrix([1, 2], datatype="BYTES"), "datatype BYTES"),
        (matrix(["1", "2"]), "not numbers"),
        (matrix([None, "2"]), "non-numeric"),
        (matrix([True, False]), "not numbers"),
        (matrix([[1], [2, 3]]), "ragged"),
        (matrix([1, math.inf]), "infinity"),
        (matrix([1, 1e300], datatype="FP64"), "beyond 32 bits"),
        (matrix(None), "non-numeric|values"),
        ([Tensor("a", [1, 2], "FP32", [1, 2]), *columns(b=[1.0])], r"\[n\] or \[n, 1\]"),
    ],
)
def test_what_is_wrong_is_named(tensors, says):
    with pytest.raises(RequestError, match=says):
        rows_of(tensors, NAMES)

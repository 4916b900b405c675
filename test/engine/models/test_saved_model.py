"""A saved model is plain files, and loading it gives the same bits."""

import json

import numpy as np
import pytest

from breadthflow_engine.models.saved import SavedModel
from breadthflow_engine.serving.pyfunc import _load_pyfunc
from breadthflow_engine.steps.train.rows import TrainingRows
from breadthflow_engine.steps.train.space import default_trials


@pytest.fixture(scope="module")
def fitted():
    random = np.random.default_rng(0)
    x = random.normal(size=(4000, 5)).astype(np.float32)
    x[random.random(x.shape) < 0.1] = np.nan
    label = np.nan_to_num(x[:, 0]).astype(np.float64) + random.normal(size=4000)
    days = np.repeat(np.arange(80), 50)
    engines = ["elastic_net", "lightgbm", "extra_trees"]
    rows = TrainingRows(x, label, days, engines)
    members = []
    for asked in default_trials(engines)[:3]:
        engine = asked.pop("engine")
        params = {name.split(".")[1]: value for name, value in asked.items()}
        members.append(rows.fit(engine, params, seed=3))
    model = SavedModel(
        features=("a", "b", "c", "d", "e"),
        target={"kind": "forward_return", "horizon": 5},
        members=tuple(members),
        weights=(0.5, 0.25, 0.25),
        names=("one", "two", "three"),
    )
    return model, x


def test_loading_gives_the_same_bits(fitted, tmp_path):
    model, x = fitted
    model.save(tmp_path / "model")
    loaded = SavedModel.load(tmp_path / "model")
    assert np.array_equal(model.predict(x), loaded.predict(x))
    assert loaded.features == model.features
    one_by_one = np.concatenate([loaded.predict(x[i : i + 1]) for i in range(50)])
    assert np.array_equal(one_by_one, model.predict(x)[:50])


def test_mlflow_loads_the_same_numbers_whatever_the_order_of_columns(fitted, tmp_path):
    pandas = pytest.importorskip("pandas")
    model, x = fitted
    model.save(tmp_path)
    frame = pandas.DataFrame(x, columns=list(model.features)).assign(other=1)[
        ["other", "e", "d", "c", "b", "a"]
    ]
    served = _load_pyfunc(str(tmp_path))
    assert np.array_equal(served.predict(frame), model.predict(x))
    with pytest.raises(ValueError, match="Missing columns: b"):
        served.predict(frame.drop(columns=["b"]))


def test_only_plain_text_is_written(fitted, tmp_path):
    model, _ = fitted
    model.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "member_1.txt",
        "member_2.txt",
        "model.json",
    ]
    for path in tmp_path.iterdir():
        path.read_text(encoding="utf-8")


def test_another_format_or_shape_is_refused(fitted, tmp_path):
    model, _ = fitted
    with pytest.raises(ValueError, match=r"not \[n, 5\]"):
        model.predict(np.zeros((2, 4)))
    (tmp_path / "model.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(ValueError, match="format 99"):
        SavedModel.load(tmp_path)


def test_importance_finds_the_feature_that_matters(fitted):
    model, _ = fitted
    shares = model.importance()
    assert sum(shares.values()) == pytest.approx(1)
    assert max(shares, key=lambda name: shares[name]) == "a"

"""The elastic net against scikit-learn's, and its preparation against what it promises."""

import numpy as np
import pytest
from sklearn.linear_model import ElasticNet

from breadthflow_engine.models.label_transform import FitLabel, transform_label
from breadthflow_engine.models.linear import LinearProblem, coordinate_descent


def sample(seed=0, n=3000, k=8):
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, k)) @ random.normal(size=(k, k))
    y = x[:, 0] - 0.5 * x[:, 1] + random.normal(size=n)
    return x.astype(np.float32), y


@pytest.mark.parametrize("alpha", [1e-4, 1e-2, 0.2])
@pytest.mark.parametrize("l1_ratio", [0.0, 0.5, 1.0])
def test_coordinate_descent_is_scikit_learns(alpha, l1_ratio):
    x, y = sample()
    z = ((x - x.mean(0)) / x.std(0)).astype(np.float64)
    t = (y - y.mean()) / y.std()
    ours = coordinate_descent(z.T @ z / len(z), z.T @ t / len(z), alpha, l1_ratio)
    theirs = ElasticNet(
        alpha=alpha, l1_ratio=l1_ratio, fit_intercept=False, tol=1e-10, max_iter=100_000
    ).fit(z, t)
    assert ours == pytest.approx(theirs.coef_, abs=1e-4)


def test_fit_on_raw_labels_is_near_least_squares():
    x, y = sample()
    problem = LinearProblem.of(x, {"raw": FitLabel(y, 1.0, 0.0)})
    fitted = problem.fit("raw", 1e-8, 0.5).predict(x)
    design = np.column_stack([np.ones(len(x)), x])
    least = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    assert np.corrcoef(fitted, least)[0, 1] > 0.995
    assert fitted.mean() == pytest.approx(y.mean(), abs=1e-6)


def test_missing_constant_and_empty_columns_and_outliers_are_survived():
    x, y = sample()
    x[:, 2] = 5
    x[:, 3] = np.nan
    x[::3, 4] = np.nan
    x[7, 5] = 1e30
    member = LinearProblem.of(x, {"raw": FitLabel(y, 1.0, 0.0)}).fit("raw", 1e-4, 0.1)
    assert np.isfinite(member.predict(x)).all()
    assert member.coefficients[2] == 0
    assert member.coefficients[3] == 0
    assert member.upper[5] < 100


def test_a_rows_prediction_does_not_depend_on_its_neighbours():
    x, y = sample()
    member = LinearProblem.of(x, {"raw": FitLabel(y, 1.0, 0.0)}).fit("raw", 1e-4, 0.1)
    one_by_one = np.concatenate([member.predict(x[i : i + 1]) for i in range(50)])
    assert np.array_equal(one_by_one, member.predict(x)[:50])


def test_label_transforms_look_at_one_day_at_a_time_and_lead_back():
    days = np.repeat([0, 1, 2], 200)
    label = np.random.default_rng(0).normal(size=600) * 2 + days * 10
    centred = transform_label("centred", label, days)
    gauss = transform_label("rank_gauss", label, days)
    for day in range(3):
        rows = days == day
        assert centred.values[rows].mean() == pytest.approx(0, abs=1e-12)
        assert np.array_equal(np.argsort(gauss.values[rows]), np.argsort(label[rows]))
        assert gauss.values[rows].std() == pytest.approx(1, abs=0.02)
    assert gauss.shift == centred.shift == pytest.approx(label.mean())
    assert gauss.scale == pytest.approx(2, abs=0.2)

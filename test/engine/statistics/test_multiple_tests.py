"""Adjusted p-values against statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from breadthflow_engine.statistics import adjusted_p_values

ORACLE = {
    "bonferroni": "bonferroni",
    "sidak": "sidak",
    "holm": "holm",
    "benjamini_hochberg": "fdr_bh",
    "benjamini_yekutieli": "fdr_by",
}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_they_are_those_of_statsmodels(p_values: list[float]):
    for method, name in ORACLE.items():
        expected = multipletests(p_values, method=name)[1]
        np.testing.assert_allclose(
            adjusted_p_values(p_values, method), expected, rtol=1e-9, atol=1e-15
        )


@pytest.mark.parametrize("method", ORACLE)
def test_a_test_that_could_not_be_made_does_not_count(method):
    found = adjusted_p_values([0.01, np.nan, 0.02], method)
    assert np.isnan(found[1])
    np.testing.assert_array_equal(found[[0, 2]], adjusted_p_values([0.01, 0.02], method))


@pytest.mark.parametrize("method", ORACLE)
def test_nothing_tested_gives_nothing(method):
    assert adjusted_p_values([], method).shape == (0,)
    assert np.isnan(adjusted_p_values([np.nan], method)).all()


@pytest.mark.parametrize("wrong", [[1.2], [-0.1], [[0.1], [0.2]]])
def test_what_is_no_p_value_is_refused(wrong):
    with pytest.raises(ValueError, match="p-values"):
        adjusted_p_values(wrong, "holm")

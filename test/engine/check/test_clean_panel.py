"""A panel without a fault has no findings, however fat its tails."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("tails", [3.0, 4.0, 30.0])
@pytest.mark.parametrize("overnight", [0.0, 0.5, 1.0])
def test_nothing_is_found_on_a_clean_panel(seed, tails, overnight, panel, checked) -> None:
    result = checked(panel(seed, tails=tails, overnight=overnight))
    assert result.findings.is_empty(), result.findings
    assert result.check.summary["quarantined_rows"] == 0


@pytest.mark.parametrize("volatility", [0.005, 0.01, 0.03])
def test_nor_at_any_usual_volatility(volatility, panel, checked) -> None:
    assert checked(panel(11, volatility=volatility, symbols=100)).findings.is_empty()

"""False ideas die and true ones survive, in shares: the bench's simulations, smaller."""

from __future__ import annotations

import numpy as np
import pytest
from simulated_ideas import HORIZON, PLANTED, Experiment, make_market

KINDS = ["forward_return", "log_realised_volatility"]


@pytest.mark.parametrize("kind", KINDS)
def test_worthless_ideas_are_not_deployed(kind):
    found = Experiment(kind, ideas=60, variants=1, trials=1, days=504, symbols=60).run()
    assert found["deployed"] <= 6, "at 5 % more than 6 of 60 come up once in 30 times"


@pytest.mark.parametrize("kind", KINDS)
def test_nor_is_the_best_of_many_variants(kind):
    found = Experiment(kind, ideas=25, variants=40, trials=40, days=504, symbols=60).run()
    assert found["deployed"] <= 3


def test_unless_their_number_is_kept_from_the_judge():
    """What the ledger is for: judged as if each had been the only one, variants do get through."""
    kind = "log_realised_volatility"
    told = Experiment(kind, ideas=12, variants=40, trials=1, days=504, symbols=60).run()
    assert told["deployed"] >= 3


def test_ideas_with_a_planted_edge_are_found():
    found = Experiment(
        "forward_return", ideas=10, variants=1, trials=24, days=755, symbols=500, knows=PLANTED
    ).run()
    assert found["mean_ic"] == pytest.approx(0.05, abs=0.003)
    assert found["deployed"] >= 8


def test_a_label_is_the_return_after_the_day_it_stands_on():
    market = make_market("forward_return", 30, 5, np.random.default_rng(1))
    ahead = np.prod(1 + market.returns[4 : 4 + HORIZON], axis=0)
    assert np.corrcoef(market.label[3], np.log(ahead))[0, 1] == pytest.approx(1)

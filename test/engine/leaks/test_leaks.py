"""Every planted leak is caught by its detector, and no look-alike by any."""

from __future__ import annotations

from pathlib import Path

import pytest
from look_alikes import LOOK_ALIKES, LookAlike
from page_row import page_row
from planted import PLANTED, Planted

from breadthflow_engine.leaks.audit import audit

PAGE = Path(__file__).resolve().parents[3] / "docs" / "validation.md"


@pytest.mark.parametrize("planted", PLANTED, ids=lambda one: one.name)
def test_a_planted_leak_is_caught_and_named(planted: Planted):
    failed = {test.detector: test for test in audit(planted.subject()) if not test.passed}
    assert planted.detector in failed, planted.reason
    assert failed[planted.detector].where
    assert set(failed) <= {planted.detector, *planted.also}
    row = page_row(planted.name, planted.reason, failed)
    assert row in PAGE.read_text("utf-8"), "`npm run bench -- validation` writes it"


@pytest.mark.parametrize("alike", LOOK_ALIKES, ids=lambda one: one.name)
def test_a_look_alike_is_left_alone(alike: LookAlike):
    failed = [test.as_json() for test in audit(alike.subject()) if not test.passed]
    assert not failed, alike.reason
    row = page_row(alike.name, alike.reason, ())
    assert row in PAGE.read_text("utf-8"), "`npm run bench -- validation` writes it"


def test_every_detector_has_a_leak_planted_for_it():
    honest = LOOK_ALIKES[0].subject()
    known = {test.detector for test in audit(honest)}
    assert known <= {planted.detector for planted in PLANTED}
    assert len(PLANTED) >= 20
    assert len(LOOK_ALIKES) >= 20

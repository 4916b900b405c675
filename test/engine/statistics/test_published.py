"""Published values, and that the page which prints them is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest
from published import PUBLISHED, Published

PAGE = Path(__file__).resolve().parents[3] / "docs" / "validation.md"


@pytest.mark.parametrize("number", PUBLISHED, ids=lambda number: number.what)
def test_ours_is_the_published_value(number: Published):
    assert round(number.ours(), number.decimals) == number.value


@pytest.mark.parametrize("number", PUBLISHED, ids=lambda number: number.what)
def test_the_page_says_so(number: Published):
    """`npm run bench -- validation` writes it."""
    assert number.row() in PAGE.read_text("utf-8")

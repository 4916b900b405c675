"""Places on the wire, and the paths that they mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.uris import to_path


@pytest.mark.parametrize("name", ["a b", "50%", "%41", "50%25", "ü#1"])
def test_a_name_that_looks_like_part_of_a_uri_comes_back_as_it_was(tmp_path: Path, name: str):
    path = tmp_path / name
    assert to_path(path.as_uri()) == path
    assert to_path(str(path)) == path


@pytest.mark.parametrize(
    ("place", "code"), [("data/bars", "uri.relative"), ("s3://bucket/bars", "uri.unsupported")]
)
def test_other_places_are_refused_by_name(place: str, code: str):
    with pytest.raises(StepError) as caught:
        to_path(place)
    assert caught.value.code == code

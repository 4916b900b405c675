"""Events that a worker tells of numbers that do not exist."""

from __future__ import annotations

import math

import pytest
from pydantic import TypeAdapter

from breadthflow_engine.protocol.messages import StepEvent, Trial
from breadthflow_engine.protocol.step import Emitter
from breadthflow_engine.workers.wire import FromWorker, Said

FROM_WORKER: TypeAdapter[FromWorker] = TypeAdapter(FromWorker)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_trial_with_a_fold_that_cannot_be_scored_arrives(number: float) -> None:
    trial = Trial(
        number=1,
        engine="ridge",
        params={},
        state="complete",
        score=number,
        fold_scores=[number, 0.25],
    )
    arrived = FROM_WORKER.validate_json(Said(job="one", event=trial).model_dump_json())
    assert isinstance(arrived, Said)
    assert arrived.event == trial
    assert isinstance(arrived.event, Trial)
    assert arrived.event.score is None
    assert arrived.event.fold_scores == [None, 0.25]


def test_a_metric_that_does_not_exist_is_not_told() -> None:
    told: list[StepEvent] = []
    emit = Emitter(told.append)
    emit.metric("rank_ic", math.nan)
    emit.metric("rank_ic", 0.5)
    assert [event.model_dump()["value"] for event in told] == [0.5]

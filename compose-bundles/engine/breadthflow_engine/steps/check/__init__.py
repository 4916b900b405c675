"""Check: what is wrong with bars, and what is done about it."""

from breadthflow_engine.protocol.step import Step
from breadthflow_engine.steps.check.params import CheckParams
from breadthflow_engine.steps.check.step import run

STEP = Step(
    name="check",
    version="1",
    params=CheckParams,
    run=run,
    inputs=("bars",),
    code=("breadthflow_engine.bars",),
)

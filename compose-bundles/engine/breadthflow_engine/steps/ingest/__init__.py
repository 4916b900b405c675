"""Ingest: files of bars become a version of a data set, a Delta table."""

from breadthflow_engine.protocol.step import Step
from breadthflow_engine.steps.ingest.params import IngestParams
from breadthflow_engine.steps.ingest.step import run

STEP = Step(
    name="ingest",
    version="1",
    params=IngestParams,
    run=run,
    sources=("source",),
    code=("breadthflow_engine.bars.table",),
    bound_to="the data set's Delta table, which holds the bars",
)

"""Train: search engines by purged walk-forward, blend the best, fit the final model."""

from breadthflow_engine.protocol.step import Step
from breadthflow_engine.steps.train.settings import TrainParams
from breadthflow_engine.steps.train.step import run

STEP = Step(
    name="train",
    version="1",
    params=TrainParams,
    run=run,
    inputs=("bars", "check?", "features", "select"),
    code=(
        "breadthflow_engine.bars",
        "breadthflow_engine.metrics",
        "breadthflow_engine.models",
        "breadthflow_engine.validation",
    ),
    trials="trials.parquet",
)

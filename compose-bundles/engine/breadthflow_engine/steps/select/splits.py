"""The features of each split of combinatorial purged cross-validation."""

from __future__ import annotations

from typing import Any

import polars as pl

from breadthflow_engine.steps.select.choosing import choose
from breadthflow_engine.steps.select.evidence import Evidence
from breadthflow_engine.steps.select.moments import pool_moments
from breadthflow_engine.steps.select.params import SelectParams
from breadthflow_engine.validation import combinatorial_purged


def select_by_split(
    evidence: Evidence, labels: pl.DataFrame, params: SelectParams
) -> list[dict[str, Any]]:
    """{split, kept} of each split, chosen on its training days alone; empty for another scheme.

    Evidence is gathered by day and most days are shared, so that 120 splits cost little more than
    the folds do.
    """
    cut = params.validation
    if cut.scheme != "cpcv":
        return []
    made = combinatorial_purged(
        labels["date"].to_numpy(),
        labels["label_end"].to_numpy(),
        groups=cut.groups,
        test_groups=cut.test_groups,
        embargo=cut.embargo,
    )
    day_sets = [split.train_rows(evidence.days, evidence.label_ends) for split in made.splits]
    moments = pool_moments(evidence, day_sets)
    return [
        {
            "split": split.index,
            "kept": [
                choice.name
                for choice in choose(evidence, days, products, params.selection)
                if choice.kept
            ],
        }
        for split, days, products in zip(made.splits, day_sets, moments, strict=True)
    ]

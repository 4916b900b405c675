"""Rounds of choosing: one over all symbols and, where symbols are held out, one outside each part.

What the models of a part may use is chosen by the symbols that they are trained on, ranked among
themselves; what goes live is chosen by all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import StepContext
from breadthflow_engine.steps.select.choosing import Choice, choose
from breadthflow_engine.steps.select.evidence import Evidence, gather_evidence
from breadthflow_engine.steps.select.moments import Moments, pool_moments
from breadthflow_engine.steps.select.params import SelectParams
from breadthflow_engine.validation import Cell, Fold, Part
from breadthflow_engine.written import fold_name

_RANKED, _COMPARED = 0.78, 0.83


@dataclass(frozen=True)
class Round:
    """What is chosen from one body of evidence.

    Attributes:
        cells: what each choice is for; None for the final model.
        labels: those that may be looked at.
    """

    cells: tuple[Cell | None, ...]
    labels: pl.DataFrame


@dataclass(frozen=True)
class Chosen:
    """Attributes:
    evidence: of the round.
    choices, moments: of each of its cells.
    """

    evidence: Evidence
    choices: list[list[Choice]]
    moments: list[Moments]


def rounds_of(
    labels: pl.DataFrame, folds: Sequence[Fold], parts: Sequence[Part]
) -> tuple[Round, ...]:
    """The round of all symbols comes last."""
    outside = [
        Round(tuple(Cell(fold, part) for fold in folds), labels.filter(~part.rows()))
        for part in parts
    ]
    whole = () if parts else tuple(Cell(fold) for fold in folds)
    return (*outside, Round((*whole, None), labels))


def run_round(
    one: Round, params: SelectParams, context: StepContext, done: int, total: int
) -> Chosen:
    """Choose for each cell of a round, after `done` others of `total`.

    Raises:
        StepError: `select.no_features`, and those of `gather_evidence`.
    """
    emit = context.emit

    def at(share: float) -> float:
        return 0.1 + 0.89 * (done + share) / total

    evidence = gather_evidence(
        context.inputs["features"].file("features.parquet"),
        one.labels,
        horizon=params.target.horizon,
        threads=context.resources.threads,
        progress=lambda ranked, count: emit.progress(
            at(_RANKED * ranked / count),
            "Ranking features",
            done=ranked,
            total=count,
            unit="features",
        ),
    )
    emit.progress(at(_RANKED), "Comparing features with each other")
    day_sets = [evidence.training_days(cell.fold if cell else None) for cell in one.cells]
    moments = pool_moments(evidence, day_sets)
    choices: list[list[Choice]] = []
    for cell, days, products in zip(one.cells, day_sets, moments, strict=True):
        choices.append(choose(evidence, days, products, params.selection))
        _require_some(choices[-1], cell)
        share = len(choices) / len(day_sets)
        emit.progress(
            at(_COMPARED + (1 - _COMPARED) * share),
            "Selecting",
            done=len(choices),
            total=len(day_sets),
        )
    return Chosen(evidence, choices, moments)


def _require_some(choices: list[Choice], cell: Cell | None) -> None:
    """Context alone cannot order the symbols of a day, so it does not count here."""
    if any(choice.rule == "kept" for choice in choices):
        return
    counts = Counter(choice.rule for choice in choices)
    rules = ", ".join(f"{rule} {count}" for rule, count in counts.most_common())
    place = "on all rows" if cell is None else f"in {fold_name(*cell.key)}"
    raise StepError(
        "select.no_features",
        f"No features left after selection {place}, of {len(choices)} made ({rules}).",
        "Lower selection.min_stability, raise selection.max_correlation, or name more families or "
        "features of your own in the idea.",
        field="selection",
        fold=None if cell is None else cell.fold.index,
        dropped=dict(counts),
    )

"""Features and labels to `selection.json`."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter

from breadthflow_engine.bars import load_attributes, load_bars
from breadthflow_engine.protocol.step import Outcome, Step, StepContext
from breadthflow_engine.steps.select.choosing import Choice
from breadthflow_engine.steps.select.correlation import correlation
from breadthflow_engine.steps.select.params import SelectParams
from breadthflow_engine.steps.select.rounds import rounds_of, run_round
from breadthflow_engine.steps.select.splits import select_by_split
from breadthflow_engine.validation import (
    Cell,
    cells_of,
    held_out_parts,
    make_labels,
    require_cross_section,
    walk_forward,
)

SELECTION_FILE = "selection.json"
CORRELATION_FILE = "correlation.json"


def run(params: SelectParams, context: StepContext) -> Outcome:
    """Select features for every fold on its training rows, and for the final model on all.

    Leaves `selection.json`: `final` names; `folds` of {fold, kept}; `features` with what became of
    each on all rows, why, and in how many folds it was kept. And `correlation.json`: how those
    that were kept move together. Where symbols are held out, also `parts` of {part, groups,
    symbols}, and `folds` has an entry {fold, part, kept} for each part.

    Raises:
        StepError: `select.no_features` if nothing that can order symbols is left, in a fold or on
            all rows; those of `gather_evidence`, `make_labels`, `require_cross_section`,
            `walk_forward` and `held_out_parts`.
    """
    emit = context.emit
    emit.progress(0.02, "Making labels and folds")
    bars = load_bars(
        context.inputs["bars"],
        context.inputs.get("check"),
        start=params.start,
        end=params.end,
        symbols=params.symbols,
    )
    labels = make_labels(bars, params.target)
    # Before the rules, which would drop every feature, each for a reason that misleads.
    require_cross_section(labels)
    folds = walk_forward(labels["date"], params.validation, params.target.horizon)
    attributes = load_attributes(context.inputs["bars"])
    seed = context.resources.seed
    parts = held_out_parts(labels, folds, params.validation, attributes, seed)
    *outside, whole = rounds_of(labels, folds, parts)
    chosen: dict[Cell | None, list[Choice]] = {}
    for done, one in enumerate(outside):
        made = run_round(one, params, context, done, len(outside) + 1)
        chosen |= zip(one.cells, made.choices, strict=True)
    last = run_round(whole, params, context, len(outside), len(outside) + 1)
    chosen |= zip(whole.cells, last.choices, strict=True)
    final = chosen[None]
    by_fold = [{cell: chosen[cell] for cell in cells_of(fold, parts)} for fold in folds]
    document = {
        "final": _kept(final),
        "folds": [
            {**cell.as_json(), "kept": _kept(choices)}
            for cells in by_fold
            for cell, choices in cells.items()
        ],
        "splits": select_by_split(last.evidence, labels, params),
        "features": _described(final, [list(cells.values()) for cells in by_fold]),
        **({"parts": [part.as_json() for part in parts]} if parts else {}),
    }
    (context.output / SELECTION_FILE).write_text(json.dumps(document, indent=1), encoding="utf-8")
    (context.output / CORRELATION_FILE).write_text(
        json.dumps(correlation(last.evidence, last.moments[-1], final)), encoding="utf-8"
    )
    dropped = Counter(choice.rule for choice in final if not choice.kept)
    kept = len(document["final"])
    emit.progress(1.0, f"{kept} of {len(final)} features kept")
    return Outcome(
        kind="selection",
        summary={"made": len(final), "kept": kept, "dropped": dict(dropped.most_common())},
        rows=len(final),
    )


def _kept(choices: list[Choice]) -> list[str]:
    return [choice.name for choice in choices if choice.kept]


def _described(final: list[Choice], folds: list[list[list[Choice]]]) -> list[dict[str, object]]:
    """In a fold of several parts, kept is what all of them keep."""
    in_folds = Counter(
        name for cells in folds for name in set.intersection(*(set(_kept(one)) for one in cells))
    )
    return [
        {**dataclasses.asdict(choice), "kept_in_folds": in_folds[choice.name]} for choice in final
    ]


STEP: Step[SelectParams] = Step(
    name="select",
    version="1",
    params=SelectParams,
    run=run,
    inputs=("bars", "check?", "features"),
    code=("breadthflow_engine.bars", "breadthflow_engine.validation"),
)

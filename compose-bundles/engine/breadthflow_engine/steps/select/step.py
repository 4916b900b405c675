"""Features and labels to `selection.json`."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter

from breadthflow_engine.bars import load_bars
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import Outcome, Step, StepContext
from breadthflow_engine.steps.select.choosing import Choice, choose
from breadthflow_engine.steps.select.correlation import correlation
from breadthflow_engine.steps.select.evidence import gather_evidence
from breadthflow_engine.steps.select.moments import pool_moments
from breadthflow_engine.steps.select.params import SelectParams
from breadthflow_engine.steps.select.splits import select_by_split
from breadthflow_engine.validation import Fold, make_labels, require_cross_section, walk_forward
from breadthflow_engine.written import fold_name

SELECTION_FILE = "selection.json"
CORRELATION_FILE = "correlation.json"


def run(params: SelectParams, context: StepContext) -> Outcome:
    """Select features for every fold on its training rows, and for the final model on all.

    Leaves `selection.json`: `final` names; `folds` of {fold, kept}; `features` with what became of
    each on all rows, why, and in how many folds it was kept. And `correlation.json`: how those
    that were kept move together.

    Raises:
        StepError: `select.no_features` if nothing that can order symbols is left, in a fold or on
            all rows; those of `gather_evidence`, `make_labels`, `require_cross_section` and
            `walk_forward`.
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
    evidence = gather_evidence(
        context.inputs["features"].file("features.parquet"),
        labels,
        horizon=params.target.horizon,
        threads=context.resources.threads,
        progress=lambda done, total: emit.progress(
            0.1 + 0.7 * done / total, "Ranking features", done=done, total=total, unit="features"
        ),
    )
    emit.progress(0.82, "Comparing features with each other")
    day_sets = [evidence.training_days(fold) for fold in (*folds, None)]
    moments = pool_moments(evidence, day_sets)
    choices: list[list[Choice]] = []
    for fold, days, products in zip((*folds, None), day_sets, moments, strict=True):
        choices.append(choose(evidence, days, products, params.selection))
        _require_some(choices[-1], fold)
        done = len(choices) / len(day_sets)
        emit.progress(0.85 + 0.14 * done, "Selecting", done=len(choices), total=len(day_sets))
    *by_fold, final = choices
    document = {
        "final": _kept(final),
        "folds": [
            {"fold": fold.index, "kept": _kept(chosen)}
            for fold, chosen in zip(folds, by_fold, strict=True)
        ],
        "splits": select_by_split(evidence, labels, params),
        "features": _described(final, by_fold),
    }
    (context.output / SELECTION_FILE).write_text(json.dumps(document, indent=1), encoding="utf-8")
    (context.output / CORRELATION_FILE).write_text(
        json.dumps(correlation(evidence, moments[-1], final)), encoding="utf-8"
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


def _described(final: list[Choice], folds: list[list[Choice]]) -> list[dict[str, object]]:
    in_folds = Counter(name for choices in folds for name in _kept(choices))
    return [
        {**dataclasses.asdict(choice), "kept_in_folds": in_folds[choice.name]} for choice in final
    ]


def _require_some(choices: list[Choice], fold: Fold | None) -> None:
    """Context alone cannot order the symbols of a day, so it does not count here."""
    if any(choice.rule == "kept" for choice in choices):
        return
    counts = Counter(choice.rule for choice in choices)
    rules = ", ".join(f"{rule} {count}" for rule, count in counts.most_common())
    place = "on all rows" if fold is None else f"in {fold_name(fold.index)}"
    raise StepError(
        "select.no_features",
        f"No features left after selection {place}, of {len(choices)} made ({rules}).",
        "Lower selection.min_stability, raise selection.max_correlation, or name more families or "
        "features of your own in the idea.",
        field="selection",
        fold=None if fold is None else fold.index,
        dropped=dict(counts),
    )


STEP: Step[SelectParams] = Step(
    name="select",
    version="1",
    params=SelectParams,
    run=run,
    inputs=("bars", "check?", "features"),
    code=("breadthflow_engine.bars", "breadthflow_engine.validation"),
)

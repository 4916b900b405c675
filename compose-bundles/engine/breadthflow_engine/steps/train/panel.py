"""Everything the train step reads, joined once: features, labels, baselines' inputs, folds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.bars import load_bars
from breadthflow_engine.models.baselines import baseline_inputs
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.step import StepContext
from breadthflow_engine.steps.train.settings import TrainParams
from breadthflow_engine.validation import (
    Cell,
    Fold,
    Part,
    cells_of,
    make_labels,
    require_cross_section,
    walk_forward,
)
from breadthflow_engine.written import fold_name

_SOURCE_ROW = "source_row"


@dataclass(frozen=True)
class Selection:
    """What the select step kept: `final` on all rows, `by_cell` and `by_split` on the training rows
    of each cell (by its key), and of each split of combinatorial purged cross-validation. `parts`
    are the symbols that it held out together."""

    final: tuple[str, ...]
    by_cell: dict[tuple[int, int | None], tuple[str, ...]]
    by_split: dict[int, tuple[str, ...]]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Panel:
    """Rows that have both features and a label, sorted by date and symbol.

    Attributes:
        rows: `symbol`, `date`, `label`, `label_end` and the columns of `baseline_inputs`.
        names: the features of `features`, in order.
        features: shape [rows, features], float32, NaN for missing; columns are contiguous.
        label: shape [rows].
        days: the date of each row as a whole number, shape [rows].
        folds: earliest first.
        selection: what may be used where.
    """

    rows: pl.DataFrame
    names: tuple[str, ...]
    features: NDArray[np.float32]
    label: NDArray[np.float64]
    days: NDArray[np.int64]
    folds: list[Fold]
    selection: Selection

    @property
    def parts(self) -> tuple[Part, ...]:
        """Symbols that are held out together; none where no symbol is held out."""
        return self.selection.parts

    def train_index(self, cell: Cell) -> NDArray[np.intp]:
        return np.flatnonzero(self.rows.select(cell.train_rows()).to_series().to_numpy())

    def test_index(self, cell: Cell | Fold) -> NDArray[np.intp]:
        return np.flatnonzero(self.rows.select(cell.test_rows()).to_series().to_numpy())

    def matrix(self, index: NDArray[np.intp] | slice, names: tuple[str, ...]) -> NDArray:
        """Some rows of some features, shape [rows, names]."""
        columns = [self.features[index, self.names.index(name)] for name in names]
        return np.column_stack(columns)


def load_panel(params: TrainParams, context: StepContext) -> Panel:
    """Read and join.

    Raises:
        StepError: `train.no_features`, `train.no_rows`, `train.other_parts`, and those of
            `make_labels`, `walk_forward` and `require_cross_section`.
    """
    selection = _read_selection(context)
    span = {"start": params.start, "end": params.end, "symbols": params.symbols}
    bars = load_bars(context.inputs["bars"], context.inputs.get("check"), **span)
    labels = make_labels(bars, params.target)
    folds = walk_forward(labels["date"], params.validation, params.target.horizon)
    _require_parts(selection, params, labels)
    cells = [cell for fold in folds for cell in cells_of(fold, selection.parts)]
    missing = [fold_name(*cell.key) for cell in cells if not selection.by_cell.get(cell.key)]
    if missing or not selection.final:
        raise StepError(
            "train.no_features",
            f"No feature was left after selection ({'; '.join(missing)})."
            if missing
            else "No feature was left after selection on all rows.",
            "Relax selection.min_stability or selection.max_correlation, or add features.",
            field="selection",
        )
    used = (*selection.by_cell.values(), *selection.by_split.values())
    names = tuple(sorted({*selection.final}.union(*used)))
    source = context.inputs["features"].file("features.parquet")
    rows = (
        pl.scan_parquet(source)
        .select("symbol", "date", pl.int_range(pl.len()).alias(_SOURCE_ROW))
        .join(labels.lazy(), on=["symbol", "date"], how="inner")
        .join(baseline_inputs(bars, params.target), on=["symbol", "date"], how="left")
        .sort("date", "symbol")
        .collect()
    )
    _require_rows(rows)
    return Panel(
        rows=rows.drop(_SOURCE_ROW),
        names=names,
        features=_read_columns(source, names, rows[_SOURCE_ROW].to_numpy()),
        label=rows["label"].to_numpy(),
        days=rows["date"].to_physical().cast(pl.Int64).to_numpy(),
        folds=folds,
        selection=selection,
    )


def _read_columns(
    source: Path, names: tuple[str, ...], order: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Some columns with their rows in another order; what is missing or infinite becomes NaN."""
    columns = pl.read_parquet(source, columns=list(names))
    values = np.empty((len(order), len(names)), dtype=np.float32, order="F")
    for i, name in enumerate(names):
        values[:, i] = columns[name].cast(pl.Float32).to_numpy()[order]
    values[np.isinf(values)] = np.nan
    return values


def _read_selection(context: StepContext) -> Selection:
    document = json.loads(context.inputs["select"].file("selection.json").read_text("utf-8"))
    return Selection(
        final=tuple(document["final"]),
        by_cell={
            (entry["fold"], entry.get("part")): tuple(entry["kept"]) for entry in document["folds"]
        },
        by_split={entry["split"]: tuple(entry["kept"]) for entry in document["splits"]},
        parts=tuple(Part.of_json(told) for told in document.get("parts", ())),
    )


def _require_parts(selection: Selection, params: TrainParams, labels: pl.DataFrame) -> None:
    """What was selected must be for the parts that are asked for: else a model would be tested on
    symbols by which its features were chosen."""
    asked = params.validation.hold_out_parts if params.validation.hold_out else 0
    dealt = {symbol for part in selection.parts for symbol in part.symbols}
    undealt = set(labels["symbol"].unique()) - dealt if asked else set()
    if len(selection.parts) != asked or undealt:
        raise StepError(
            "train.other_parts",
            f"Symbols are to be held out in {asked} parts, but features were selected for "
            f"{len(selection.parts)} parts of {len(dealt)} symbols.",
            "Give the select step and the train step the same validation.",
            field="validation.hold_out",
        )


def _require_rows(table: pl.DataFrame) -> None:
    if table.is_empty():
        raise StepError(
            "train.no_rows",
            "No row has both features and a label: the two cover different symbols or dates.",
            "Give the features step and the train step the same universe.",
        )
    require_cross_section(table)

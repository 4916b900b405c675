"""Rows of the panel by cell: what is fitted on, what is predicted, what choices may go by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.metrics import DailyRankIC
from breadthflow_engine.steps.train.known import KnownDays
from breadthflow_engine.steps.train.panel import Panel
from breadthflow_engine.validation import Cell, cells_of

Index = NDArray[np.intp]


@dataclass(frozen=True)
class CellRows:
    """Attributes:
    train: rows of the panel that the cell's models are fitted on.
    test: rows of the panel that they predict.
    place: where these stand among the test rows of the fold.
    """

    cell: Cell
    train: Index
    test: Index
    place: Index

    @property
    def part(self) -> int | None:
        return self.cell.key[1]


def rows_by_cell(panel: Panel, windows: list[Index]) -> list[list[CellRows]]:
    """Of each fold its cells, but for those of which no symbol trades in its window.

    Args:
        windows: the test rows of each fold.
    """
    found = []
    for fold, window in zip(panel.folds, windows, strict=True):
        tests = [(cell, panel.test_index(cell)) for cell in cells_of(fold, panel.parts)]
        found.append(
            [
                CellRows(cell, panel.train_index(cell), test, np.searchsorted(window, test))
                for cell, test in tests
                if len(test)
            ]
        )
    return found


def together(cells: list[CellRows], parts: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """What the cells of a fold predict, as predictions of the fold's test rows."""
    whole = np.empty(sum(len(part) for part in parts))
    for one, part in zip(cells, parts, strict=True):
        whole[one.place] = part
    return whole


@dataclass(frozen=True)
class ChoiceRows:
    """Test rows that a choice of models may go by, as far as their symbols go: all of them or,
    where a part is held out, those of the symbols outside it. Lists have one entry a fold.

    Attributes:
        places: where they stand among the test rows of the fold.
        days: of each row.
        rank_ics: among these rows alone.
        known: which of them a later fold may know.
    """

    places: list[Index]
    days: list[NDArray[np.int64]]
    rank_ics: list[DailyRankIC]
    known: KnownDays


def choice_rows(panel: Panel, tests: list[Index], part: int | None = None) -> ChoiceRows:
    """Those among the test rows of each fold for the final model, or for the cells of a part."""
    everywhere = np.ones(len(panel.label), dtype=np.bool_)
    if part is not None:
        everywhere = ~panel.rows.select(panel.parts[part].rows()).to_series().to_numpy()
    places = [np.flatnonzero(everywhere[test]) for test in tests]
    rows = [test[place] for test, place in zip(tests, places, strict=True)]
    return ChoiceRows(
        places,
        [panel.days[own] for own in rows],
        [DailyRankIC(panel.days[own], panel.label[own]) for own in rows],
        KnownDays(panel.folds, [panel.rows[own].select("date", "label_end") for own in rows], part),
    )

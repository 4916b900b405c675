"""Groups held out: a model is tested on symbols, or on sectors, of which it saw no row at all.

A purge keeps the time of a test apart from that of training, but most symbols are in both. Whatever
can be learnt about a symbol itself, such as how restless it is, then counts as skill. Here the
symbols are dealt into parts, and each test window is predicted part by part, by models trained on
the rows that the fold may train on of the symbols outside the part. Along symbols it is what
`GroupKFold` of scikit-learn does, and along time the walk-forward as ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from breadthflow_engine.metrics import MIN_SYMBOLS
from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.validation.folds import MIN_TRAIN_DAYS, Fold
from breadthflow_engine.validation.settings import Validation
from breadthflow_engine.written import fold_name, part_name

GROUPS = "group"
_SHOWN = 5


@dataclass(frozen=True)
class Part:
    """Symbols that are tested together.

    Attributes:
        index: from 0.
        groups: names of the symbols or sectors, sorted.
        symbols: sorted; `groups` themselves where symbols are held out.
    """

    index: int
    groups: tuple[str, ...]
    symbols: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {"part": self.index, "groups": list(self.groups), "symbols": list(self.symbols)}

    @classmethod
    def of_json(cls, told: dict[str, Any]) -> Part:
        return cls(told["part"], tuple(told["groups"]), tuple(told["symbols"]))

    def rows(self) -> pl.Expr:
        """True for rows (of `symbol`) of its symbols."""
        return pl.col("symbol").is_in(self.symbols)


@dataclass(frozen=True)
class Cell:
    """What one set of fitted models is tested on: a fold's window, or a part's share of it."""

    fold: Fold
    part: Part | None = None

    @property
    def key(self) -> tuple[int, int | None]:
        return self.fold.index, None if self.part is None else self.part.index

    def as_json(self) -> dict[str, int]:
        """`fold`, and `part` where there is one."""
        fold, part = self.key
        return {"fold": fold} if part is None else {"fold": fold, "part": part}

    def train_rows(self) -> pl.Expr:
        """True for rows (of `symbol`, `date`, `label_end`) that may be trained on."""
        return self.fold.train_rows() if self.part is None else self.fold.train_rows() & self.rest()

    def test_rows(self) -> pl.Expr:
        """True for rows (of `symbol`, `date`) that are predicted."""
        rows = self.fold.test_rows()
        return rows if self.part is None else rows & self.part.rows()

    def rest(self) -> pl.Expr:
        """True for rows (of `symbol`) that something for this cell may be learnt from or chosen by,
        as far as the symbol goes."""
        return pl.lit(True) if self.part is None else ~self.part.rows()


def cells_of(fold: Fold, parts: Sequence[Part]) -> list[Cell]:
    """One for each part, or the whole fold where nothing is held out."""
    return [Cell(fold, part) for part in parts] or [Cell(fold)]


def held_out_parts(
    labels: pl.DataFrame,
    folds: Sequence[Fold],
    validation: Validation,
    attributes: pl.DataFrame | None,
    seed: int,
) -> list[Part]:
    """Deal the symbols of some labels, or their sectors, into parts; none where none is asked for.

    Which part a name belongs to is drawn from the name and the seed alone, so that it stays there
    when other symbols come or go; only where a part would be left empty is a name moved to it.

    Args:
        labels: `symbol`, `date` and `label_end`, in any order.
        attributes: `symbol` and `sector`; needed where sectors are held out.

    Raises:
        StepError: `validation.hold_out_with_cpcv`, `validation.no_sectors`,
            `validation.too_few_groups`, `validation.too_little_outside`.
    """
    if validation.hold_out is None:
        return []
    if validation.scheme == "cpcv":
        raise StepError(
            "validation.hold_out_with_cpcv",
            "Symbols cannot be held out on the recombined histories of cpcv: each of its "
            "combinations would have to be fitted again for every part.",
            "Set validation.scheme to expanding or rolling, or leave out validation.hold_out.",
            field="validation.hold_out",
        )
    symbols = labels.select("symbol").unique()
    if validation.hold_out == "sector":
        grouped = _with_sectors(symbols, attributes)
    else:
        grouped = symbols.with_columns(pl.col("symbol").alias(GROUPS))
    parts = [
        Part(index, tuple(names), _symbols_of(grouped, names))
        for index, names in enumerate(_dealt(grouped, validation, seed))
    ]
    for part in parts:
        _require_enough_outside(labels, folds, part)
    return parts


def _with_sectors(symbols: pl.DataFrame, attributes: pl.DataFrame | None) -> pl.DataFrame:
    hint = (
        "Import a table of symbols and sectors with the bars, or set validation.hold_out to symbol."
    )
    if attributes is None or "sector" not in attributes.columns:
        raise StepError(
            "validation.no_sectors",
            "Sectors are to be held out, but the data set does not say which sector a symbol "
            "belongs to.",
            hint,
            field="validation.hold_out",
        )
    known = attributes.select("symbol", pl.col("sector").cast(pl.String).alias(GROUPS))
    grouped = symbols.join(
        known.unique("symbol", keep="first", maintain_order=True), on="symbol", how="left"
    )
    unknown = grouped.filter(pl.col(GROUPS).is_null())["symbol"].sort().to_list()
    if unknown:
        shown = ", ".join(unknown[:_SHOWN]) + ("…" if len(unknown) > _SHOWN else "")
        raise StepError(
            "validation.no_sectors",
            f"Sectors are to be held out, but of {len(unknown)} symbols no sector is known: "
            f"{shown}.",
            f"{hint[:-1]}, or leave these symbols out of universe.symbols.",
            field="validation.hold_out",
            symbols=unknown[:100],
        )
    return grouped


def _dealt(grouped: pl.DataFrame, validation: Validation, seed: int) -> list[list[str]]:
    names = grouped[GROUPS].unique().sort().to_list()
    count = validation.hold_out_parts
    if len(names) < count:
        raise StepError(
            "validation.too_few_groups",
            f"The {len(names)} {validation.hold_out}s of the data cannot be dealt into {count} "
            "parts: each takes one at least.",
            f"Lower validation.hold_out_parts to {max(2, len(names))}, or "
            + (
                "set validation.hold_out to symbol."
                if validation.hold_out == "sector"
                else "name more symbols in universe.symbols."
            ),
            field="validation.hold_out_parts",
            groups=len(names),
        )
    draws = {name: _draw(name, seed) for name in names}
    dealt: list[list[str]] = [[] for _ in range(count)]
    for name in names:
        dealt[draws[name] % count].append(name)
    for part in dealt:
        if not part:
            largest = max(dealt, key=len)
            moved = max(largest, key=lambda name: draws[name])
            largest.remove(moved)
            part.append(moved)
    return dealt


def _draw(name: str, seed: int) -> int:
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def _symbols_of(grouped: pl.DataFrame, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(grouped.filter(pl.col(GROUPS).is_in(names))["symbol"].sort().to_list())


def _require_enough_outside(labels: pl.DataFrame, folds: Sequence[Fold], part: Part) -> None:
    """Each fold must have days to train on with enough symbols outside the part to be ordered."""
    for fold in folds:
        widths = labels.filter(Cell(fold, part).train_rows()).group_by("date").len()["len"]
        days = int((widths >= MIN_SYMBOLS).sum())
        if days < MIN_TRAIN_DAYS:
            raise StepError(
                "validation.too_little_outside",
                f"Outside {part_name(part.index)} of those held out, {fold_name(fold.index)} has "
                f"{days} days to train on that have {MIN_SYMBOLS} symbols; it needs "
                f"{MIN_TRAIN_DAYS}.",
                "Use more symbols, a longer history or more validation.hold_out_parts, so that "
                "less is held out at a time.",
                field="validation.hold_out_parts",
                days=days,
            )

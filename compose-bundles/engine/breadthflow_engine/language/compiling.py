"""A checked set of features to one lazy Polars plan.

The graph is cut into stages. A stage computes, side by side, every vertex whose inputs the stages
before it made: time primitives over the symbol, cross primitives over the date, row primitives
inline unless several vertices need them. A column is dropped as soon as nothing needs it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import polars as pl

from breadthflow_engine.language import primitives
from breadthflow_engine.language.checking import CheckedFeatures, check_features
from breadthflow_engine.language.nodes import FeatureSpec
from breadthflow_engine.language.operators import COLUMNS
from breadthflow_engine.language.primitives import (
    BAR,
    DAY_ORDER,
    FRAGILE,
    SECTOR,
    SYMBOL,
    TOLERANT,
    present,
)
from breadthflow_engine.protocol.errors import StepError


def compile_features(
    bars: pl.LazyFrame,
    specs: Iterable[FeatureSpec] | CheckedFeatures,
    attributes: pl.DataFrame | None = None,
) -> pl.LazyFrame:
    """The features of every bar, as a lazy plan.

    Args:
        bars: symbol, date, open, high, low, close, volume, sorted by symbol and date, one row a
            key. A value that is missing or not finite makes what depends on it missing.
        specs: the features; checked here unless they already are.
        attributes: `symbol` and `sector`; needed by the sector operators only. A symbol without a
            sector has missing values there.

    Returns:
        symbol, date, one Float32 column a feature; sorted by symbol and date. The first
        `lookback - 1` rows of a symbol are null, and there is neither NaN nor infinity.

    Raises:
        StepError: as `check_features`, or `features.no_sectors`.
    """
    checked = specs if isinstance(specs, CheckedFeatures) else check_features(specs)
    sectors = any(checked.needs_sectors(root) for root in checked.roots)
    if sectors and attributes is None:
        raise _no_sectors(checked)
    return _Plan(checked).apply(_prepared(bars, attributes if sectors else None))


def _prepared(bars: pl.LazyFrame, attributes: pl.DataFrame | None) -> pl.LazyFrame:
    """Bars as floats with the group keys that the primitives use."""
    frame = bars.select("symbol", "date", *(_number(name) for name in COLUMNS))
    if attributes is not None:
        sectors = (
            attributes.lazy()
            .select("symbol", pl.col("sector").cast(pl.String).rank("dense").alias(SECTOR))
            .unique("symbol", keep="first", maintain_order=True)
        )
        frame = frame.join(sectors, on="symbol", how="left", maintain_order="left")
    # Numbered in order and flagged as sorted, symbols are slices rather than scattered rows.
    return frame.with_columns(pl.col("symbol").rle_id().set_sorted().alias(SYMBOL)).with_columns(
        pl.int_range(pl.len(), dtype=pl.Int32).over(SYMBOL).alias(BAR),
        pl.col("date").arg_sort().cast(pl.UInt32).alias(DAY_ORDER),
    )


def _number(name: str) -> pl.Expr:
    return present(pl.col(name).cast(pl.Float64)).alias(name)


class _Plan:
    """Which vertex becomes a column, in which stage, and how long the column is kept."""

    def __init__(self, checked: CheckedFeatures) -> None:
        self._checked = checked
        self._vertices = checked.graph.vertices
        self._needed = sorted(checked.graph.below(*checked.roots))
        self._stored = self._choose_stored()
        self._stored_set = frozenset(self._stored)
        self._guarded = self._choose_guarded()
        self._made_in = self._choose_stages()

    def apply(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Add the stages to a prepared frame."""
        last_use = self._last_uses()
        stages = 1 + max((self._made_in[root] for root in self._checked.roots), default=0)
        keys = ["symbol", "date", SYMBOL, BAR, DAY_ORDER]
        if SECTOR in frame.collect_schema():
            keys.append(SECTOR)
        kept = [n for n in self._needed if self._vertices[n].kind == "column"]
        done: list[str] = []
        for stage in range(1, stages + 1):
            kept = [n for n in kept if last_use[n] > stage]
            fresh = [n for n in self._stored if self._made_in[n] == stage]
            features = [
                (spec, root)
                for spec, root in zip(self._checked.specs, self._checked.roots, strict=True)
                if self._made_in[root] == stage - 1
            ]
            frame = frame.select(
                *keys,
                *done,
                *(self._column(n) for n in kept),
                *(self._made(n).alias(self._column(n)) for n in fresh),
                *(self._feature(spec, root) for spec, root in features),
            )
            kept += fresh
            done += [spec.name for spec, _ in features]
        return frame.select("symbol", "date", *(spec.name for spec in self._checked.specs))

    def _choose_stored(self) -> list[int]:
        """What windows and groups read or make, and what several vertices share."""
        stored: set[int] = set()
        uses = Counter(i for n in self._needed for i in self._vertices[n].inputs)
        for number in self._needed:
            vertex = self._vertices[number]
            if vertex.kind in ("time", "cross"):
                stored.update((number, *vertex.inputs))
            elif uses[number] > 1:
                stored.add(number)
        return sorted(n for n in stored if self._vertices[n].kind not in ("column", "number"))

    def _choose_guarded(self) -> set[int]:
        """What windows and groups read in which a value that is not finite would spread."""
        readers = [self._vertices[n] for n in self._needed]
        return {
            i
            for v in readers
            if v.kind in ("time", "cross") and v.operation not in TOLERANT
            for i in v.inputs
            if self._vertices[i].kind == "row" and self._vertices[i].operation in FRAGILE
        }

    def _choose_stages(self) -> dict[int, int]:
        """The stage in which a vertex is there to be read; 0 is the prepared frame."""
        made_in: dict[int, int] = {}
        for number in self._needed:
            ready = max((made_in[i] for i in self._vertices[number].inputs), default=0)
            made_in[number] = ready + 1 if number in self._stored_set else ready
        return made_in

    def _last_uses(self) -> dict[int, int]:
        """The last stage that reads a column."""
        last: dict[int, int] = dict.fromkeys(self._needed, 0)

        def read(number: int, stage: int) -> None:
            for column in self._columns_below(number):
                last[column] = max(last[column], stage)

        for number in self._stored:
            for i in self._vertices[number].inputs:
                read(i, self._made_in[number])
        for root in self._checked.roots:
            read(root, self._made_in[root] + 1)
        return last

    def _columns_below(self, number: int) -> set[int]:
        """The columns that reading a vertex reads."""
        found: set[int] = set()
        waiting = [number]
        while waiting:
            n = waiting.pop()
            if n in self._stored_set or self._vertices[n].kind == "column":
                found.add(n)
            else:
                waiting.extend(self._vertices[n].inputs)
        return found

    def _column(self, number: int) -> str:
        vertex = self._vertices[number]
        return vertex.operation if vertex.kind == "column" else f"__{number}"

    def _read(self, number: int) -> pl.Expr:
        vertex = self._vertices[number]
        if vertex.kind == "number":
            return pl.lit(vertex.settings[0], dtype=pl.Float64)
        if vertex.kind == "column" or number in self._stored_set:
            return pl.col(self._column(number))
        return self._computed(number)

    def _computed(self, number: int) -> pl.Expr:
        vertex = self._vertices[number]
        if vertex.kind == "calendar":
            return primitives.calendar(vertex.operation)
        inputs = [self._read(i) for i in vertex.inputs]
        if vertex.kind == "time":
            return primitives.time(vertex.operation, inputs, vertex.settings)
        if vertex.kind == "cross":
            return primitives.cross(vertex.operation, inputs[0])
        return primitives.row(vertex.operation, inputs, vertex.settings)

    def _made(self, number: int) -> pl.Expr:
        computed = self._computed(number)
        return present(computed) if number in self._guarded else computed

    def _feature(self, spec: FeatureSpec, root: int) -> pl.Expr:
        value = self._read(root).cast(pl.Float32)
        filled = pl.col(BAR) >= spec.lookback - 1
        return pl.when(filled & value.is_finite()).then(value).alias(spec.name)


def _no_sectors(checked: CheckedFeatures) -> StepError:
    first = next(
        spec
        for spec, root in zip(checked.specs, checked.roots, strict=True)
        if checked.needs_sectors(root)
    )
    return StepError(
        "features.no_sectors",
        f"Feature {first.name!r} compares symbols of one sector, but no sectors are known.",
        "Import a table with the columns symbol and sector together with the bars.",
        feature=first.name,
    )

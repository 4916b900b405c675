"""The built-in features, as data: one module a family, one row a feature."""

from __future__ import annotations

from breadthflow_engine.language import FeatureSpec
from breadthflow_engine.steps.features.library.calendar import CALENDAR
from breadthflow_engine.steps.features.library.cross_section import CROSS_SECTION
from breadthflow_engine.steps.features.library.price import PRICE
from breadthflow_engine.steps.features.library.recurrence import RECURRENCE
from breadthflow_engine.steps.features.library.rows import Row
from breadthflow_engine.steps.features.library.sector import SECTOR
from breadthflow_engine.steps.features.library.volatility import VOLATILITY
from breadthflow_engine.steps.features.library.volume import VOLUME

_FAMILIES: dict[str, tuple[Row, ...]] = {
    "price": PRICE,
    "volume": VOLUME,
    "volatility": VOLATILITY + RECURRENCE,
    "calendar": CALENDAR,
    "cross_section": CROSS_SECTION,
    "sector": SECTOR,
}

LIBRARY: dict[str, tuple[FeatureSpec, ...]] = {
    family: tuple(
        FeatureSpec(name, text, bars, family, meaning) for name, text, bars, meaning in rows
    )
    for family, rows in _FAMILIES.items()
}

"""How every step after the check reads bars: one Delta version, with the check's actions on it."""

from breadthflow_engine.bars.reading import load_attributes, load_bars
from breadthflow_engine.bars.table import scan_version

__all__ = ["load_attributes", "load_bars", "scan_version"]

"""Sectors that were held out."""

from __future__ import annotations

from planted.held_out import SECTOR, in_parts

from look_alikes.look_alike import LookAlike

IN_HELD_OUT = (
    LookAlike(
        "sectors held out",
        "trained on the same past days, of the other sectors alone",
        lambda: in_parts(SECTOR >= 4),
    ),
)

"""Leaks of different kinds, each planted into an honest idea; a file for each kind."""

from __future__ import annotations

from planted.adjustments import IN_ADJUSTMENTS
from planted.bars import IN_BARS
from planted.choices import IN_CHOICES
from planted.copies import IN_COPIES
from planted.features import IN_FEATURES
from planted.fills import IN_FILLS
from planted.fits import IN_FITS
from planted.folds import IN_FOLDS
from planted.held_out import IN_HELD_OUT
from planted.labels import IN_LABELS
from planted.leak import Planted
from planted.predictions import IN_PREDICTIONS
from planted.universe import IN_UNIVERSE

__all__ = ["PLANTED", "Planted"]

PLANTED = (
    *IN_FEATURES,
    *IN_PREDICTIONS,
    *IN_LABELS,
    *IN_COPIES,
    *IN_FITS,
    *IN_UNIVERSE,
    *IN_ADJUSTMENTS,
    *IN_FILLS,
    *IN_FOLDS,
    *IN_HELD_OUT,
    *IN_CHOICES,
    *IN_BARS,
)
assert len({one.name for one in PLANTED}) == len(PLANTED)

"""What looks like a leak and is none, each in an honest idea; a file for each kind."""

from __future__ import annotations

from look_alikes.adjustments import IN_ADJUSTMENTS
from look_alikes.bars import IN_BARS
from look_alikes.choices import IN_CHOICES
from look_alikes.copies import IN_COPIES
from look_alikes.features import IN_FEATURES
from look_alikes.fills import IN_FILLS
from look_alikes.fits import IN_FITS
from look_alikes.folds import IN_FOLDS
from look_alikes.held_out import IN_HELD_OUT
from look_alikes.honest import HONEST
from look_alikes.labels import IN_LABELS
from look_alikes.look_alike import LookAlike
from look_alikes.predictions import IN_PREDICTIONS
from look_alikes.universe import IN_UNIVERSE

__all__ = ["LOOK_ALIKES", "LookAlike"]

LOOK_ALIKES = (
    *HONEST,
    *IN_LABELS,
    *IN_FEATURES,
    *IN_PREDICTIONS,
    *IN_COPIES,
    *IN_UNIVERSE,
    *IN_BARS,
    *IN_ADJUSTMENTS,
    *IN_FILLS,
    *IN_FOLDS,
    *IN_HELD_OUT,
    *IN_FITS,
    *IN_CHOICES,
)
assert len({one.name for one in LOOK_ALIKES}) == len(LOOK_ALIKES)

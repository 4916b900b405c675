"""The honest ideas themselves."""

from __future__ import annotations

from world import RETURN, honest

from look_alikes.look_alike import LookAlike

HONEST = (
    LookAlike("honest volatility idea", "what every leak is planted into", honest),
    LookAlike(
        "honest return idea", "the same features, with returns to predict", lambda: honest(RETURN)
    ),
)

"""What is told of a search while it runs."""

from __future__ import annotations

import time

from breadthflow_engine.protocol.messages import Trial
from breadthflow_engine.protocol.step import Emitter
from breadthflow_engine.steps.train.settings import Automl


class TrialCounter:
    """Passes trials on as events, and says how far the search is: by trials or by time.

    Args:
        automl: how many trials it may be, and how long.
        emit: where they go.
        span: the fractions of the step between which the search lies.
    """

    def __init__(self, automl: Automl, emit: Emitter, span: tuple[float, float]) -> None:
        self._automl = automl
        self._emit = emit
        self._begin, self._end = span
        self._started = time.monotonic()
        self._done = 0
        self._best = float("-inf")

    def report(self, trial: Trial) -> None:
        self._emit.trial(trial)
        self._done += 1
        if trial.state == "complete" and trial.score is not None and trial.score > self._best:
            self._best = trial.score
            self._emit.metric("best_rank_ic", trial.score, step_index=trial.number)
        spent = (time.monotonic() - self._started) / self._automl.budget_seconds
        share = max(self._done / self._automl.trials, spent)
        self._emit.progress(
            self._begin + (self._end - self._begin) * min(1.0, share),
            "Searching",
            done=self._done,
            total=self._automl.trials,
            unit="trials",
        )

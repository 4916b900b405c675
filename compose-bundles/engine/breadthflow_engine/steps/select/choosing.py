"""The rules by which features are kept or dropped, from the evidence of some training days.

In this order, each a stated rule:

1. `too_few_values`: it has a value on less than a fifth of the rows.
2. `constant`: it never changes.
3. `context`: on most days it is the same for (nearly) all symbols (a month, the market's
   volatility), so it has no rank IC and cannot order symbols by itself. A fifth of the places is
   open to such features, in the order of the catalogue, so that models can vary with season and
   market.
4. `unstable`: the sign of its mean IC agrees with the sign over all days in too few of the blocks
   that the days are cut into.
5. Forward selection over ranks: next comes the feature that adds most to how much of the label's
   ranks those before it explain. One that is correlated with a kept feature beyond the limit is a
   `duplicate` or `redundant` with it.
6. `weak`: all places are taken by features that add more.

Forward selection is that of Efroymson (1960), on pooled daily ranks; a feature that is weak alone
but tells something new goes before the tenth copy of the strongest one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.steps.select.evidence import Evidence
from breadthflow_engine.steps.select.moments import Moments
from breadthflow_engine.steps.select.params import Selection
from breadthflow_engine.written import percent

BLOCKS = 5
MIN_PRESENT = 0.2
MIN_ORDERING = 0.2
"""Share of the days on which a feature has to order symbols to be more than context."""
DUPLICATE = 0.999
CONTEXT_SHARE = 5
_LEAST_NEW = 0.02
"""Share of a feature's variance that must be new; below it the gain would be noise over noise."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """What became of one feature.

    Attributes:
        rule: `kept`, `context` or the rule that dropped it.
        score: mean daily rank IC on the training days; None where it has none.
        stability: share of blocks whose mean IC has the sign of the score; None without a score.
        redundant_with: the kept feature that makes it superfluous.
    """

    name: str
    kept: bool
    rule: str
    reason: str
    score: float | None = None
    stability: float | None = None
    redundant_with: str | None = None


def choose(
    evidence: Evidence, days: NDArray[np.bool_], moments: Moments, selection: Selection
) -> list[Choice]:
    """What becomes of every feature, in the order of the catalogue.

    Args:
        evidence: of all days.
        days: the days that may be looked at, shape [days].
        moments: of the ranks on those days.
        selection: the limits.
    """
    scores, stability = _scores_and_stability(evidence.ic[days])
    ordering = np.isfinite(evidence.ic[days]).mean(axis=0) if days.any() else np.zeros(len(scores))
    choices: dict[int, Choice] = {}
    contexts: list[int] = []
    candidates: list[int] = []
    sizes = np.diff(evidence.starts)[days]
    present = evidence.present[days].sum(axis=0) / max(1, sizes.sum())
    for i, name in enumerate(evidence.names):
        if present[i] < MIN_PRESENT:
            reason = f"has a value on only {percent(present[i])} of the rows"
            choices[i] = Choice(name, False, "too_few_values", reason)
        elif ordering[i] < MIN_ORDERING:
            levels = evidence.levels[days, i]
            known = levels[np.isfinite(levels)]
            if known.size < 2 or np.ptp(known) <= 1e-9 * max(1.0, float(np.abs(known).max())):
                choices[i] = Choice(name, False, "constant", "never changes")
            else:
                contexts.append(i)
        elif stability[i] < selection.min_stability:
            reason = f"the sign of its IC agrees in only {percent(stability[i])} of the blocks"
            choices[i] = Choice(
                name, False, "unstable", reason, float(scores[i]), float(stability[i])
            )
        else:
            candidates.append(i)
    places = selection.max_features
    # Context alone cannot order symbols: it takes places only beside features that can.
    _choose_contexts(evidence, days, contexts, places // CONTEXT_SHARE, selection, choices)
    taken = sum(choice.kept for choice in choices.values())
    forward = _Forward(moments, candidates)
    for i, rule, gain, other in forward.run(places - taken, selection.max_correlation):
        choices[i] = _ranked_choice(
            evidence, i, rule, gain, other, float(scores[i]), float(stability[i])
        )
    return [choices[i] for i in range(len(evidence.names))]


def _scores_and_stability(ic: Floats) -> tuple[Floats, Floats]:
    """Mean daily IC, and the share of blocks in which the sign of the mean is the same; [F]."""
    defined = np.isfinite(ic)
    clean = np.where(defined, ic, 0.0)
    counts = defined.sum(axis=0)
    scores = np.divide(
        clean.sum(axis=0), counts, out=np.full(ic.shape[1], np.nan), where=counts > 0
    )
    agreeing = np.zeros(ic.shape[1])
    blocks = np.zeros(ic.shape[1])
    for rows in np.array_split(np.arange(len(ic)), min(BLOCKS, max(1, len(ic)))):
        there = defined[rows].any(axis=0)
        blocks += there
        agreeing += there & (np.sign(clean[rows].sum(axis=0)) == np.sign(scores))
    return scores, np.divide(agreeing, blocks, out=np.zeros_like(agreeing), where=blocks > 0)


def _choose_contexts(
    evidence: Evidence,
    days: NDArray[np.bool_],
    contexts: list[int],
    places: int,
    selection: Selection,
    choices: dict[int, Choice],
) -> None:
    kept: list[int] = []
    for i in contexts:
        name = evidence.names[i]
        twin = next(
            (
                k
                for k in kept
                if abs(_correlation(evidence.levels[days, i], evidence.levels[days, k]))
                > selection.max_correlation
            ),
            None,
        )
        if twin is not None:
            other = evidence.names[twin]
            reason = f"the same for all symbols of a day, and follows {other}"
            choices[i] = Choice(name, False, "redundant", reason, redundant_with=other)
        elif len(kept) < places:
            kept.append(i)
            reason = "context: the same for all symbols of a day; lets models vary with it"
            choices[i] = Choice(name, True, "context", reason)
        else:
            reason = "the same for all symbols of a day, and the places for context are taken"
            choices[i] = Choice(name, False, "context", reason)


def _correlation(a: Floats, b: Floats) -> float:
    both = np.isfinite(a) & np.isfinite(b)
    if both.sum() < 3 or np.ptp(a[both]) == 0 or np.ptp(b[both]) == 0:
        return 0.0
    return float(np.corrcoef(a[both], b[both])[0, 1])


class _Forward:
    """Forward selection by sweeping what is kept out of what is left."""

    def __init__(self, moments: Moments, candidates: list[int]) -> None:
        self._candidates = candidates
        chosen = np.asarray(candidates, dtype=np.intp)
        products = moments.features[np.ix_(chosen, chosen)]
        size = np.sqrt(np.diag(products))
        self._correlations = products / np.outer(size, size)
        self._with_label = moments.with_label[chosen] / (
            size * max(1e-12, math.sqrt(moments.label))
        )

    def run(self, places: int, max_correlation: float) -> list[tuple[int, str, float, int | None]]:
        """(feature, rule, gain in R² of the ranks, the feature it is redundant with)."""
        left = list(range(len(self._candidates)))
        residual = self._correlations.copy()
        promise = self._with_label.copy()
        kept: list[int] = []
        found: list[tuple[int, str, float, int | None]] = []
        while left:
            new = np.maximum(np.diag(residual)[left], _LEAST_NEW)
            gains = promise[left] ** 2 / new
            best = left[int(np.argmax(gains))]
            gain = float(gains.max())
            left.remove(best)
            feature = self._candidates[best]
            closest = self._closest(best, kept)
            if closest is not None and abs(self._correlations[best, closest]) > max_correlation:
                same = abs(self._correlations[best, closest]) > DUPLICATE
                rule = "duplicate" if same else "redundant"
                found.append((feature, rule, gain, self._candidates[closest]))
            elif len(kept) >= places:
                found.append((feature, "weak", gain, None))
            else:
                kept.append(best)
                found.append((feature, "kept", gain, None))
                column = residual[:, best] / max(residual[best, best], _LEAST_NEW)
                promise = promise - column * promise[best]
                residual = residual - np.outer(column, residual[best, :])
        return found

    def _closest(self, candidate: int, kept: list[int]) -> int | None:
        if not kept:
            return None
        return kept[int(np.argmax(np.abs(self._correlations[candidate, kept])))]


def _ranked_choice(
    evidence: Evidence,
    i: int,
    rule: str,
    gain: float,
    other: int | None,
    score: float,
    stability: float,
) -> Choice:
    name = evidence.names[i]
    twin = None if other is None else evidence.names[other]
    reason = {
        "kept": f"adds {percent(gain, 2)} to what the ranks of those before it explain",
        "weak": f"would add only {percent(gain, 2)} to the features that took the places",
        "duplicate": f"is {twin} again",
        "redundant": f"moves with {twin}, which explains more",
    }[rule]
    return Choice(name, rule == "kept", rule, reason, score, stability, twin)

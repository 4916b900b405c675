"""Ideas whose worth is known, put before the judge's own gates.

Markets, predictions and books are simulated; what decides is the product's code. A worthless idea
predicts with noise that remembers (as real signals do), or, of a volatility, as well as the
baseline does and no better. A planted one knows a little of the labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import numba
import numpy as np
import polars as pl
from numpy.typing import NDArray

from breadthflow_engine.leaks.leak_test import LeakTest
from breadthflow_engine.statistics import Overfitting
from breadthflow_engine.steps.judge.evidence import Evidence
from breadthflow_engine.steps.judge.gates import measured_gates
from breadthflow_engine.steps.judge.leak_tests import leaks_gate
from breadthflow_engine.steps.judge.luck_gates import (
    overfitting_gate,
    search_overfitting,
    trials_gate,
)
from breadthflow_engine.steps.judge.policy import Policy
from breadthflow_engine.steps.judge.prediction_gates import folds_ahead_gate
from breadthflow_engine.steps.judge.rule import decide
from breadthflow_engine.steps.judge.trading_gates import deflated_sharpe_gate
from breadthflow_engine.validation import Target

Kind = Literal["forward_return", "log_realised_volatility"]
Floats = NDArray[np.float64]

HORIZON = 5
FOLDS = 6
QUANTILE = 0.1
COST = 6e-4
BORROW = 50e-4 / 252
MEMORIES = (0.0, 0.5, 0.9, 0.98)
VOLATILITY_IC = 0.5
PLANTED = 0.0523
"""Correlation at which normal scores have a rank correlation of 0.05: 2 sin(pi 0.05 / 6)."""


NO_LEAK = LeakTest("cut_features", "No feature sees the future", "Noise of its own.", 0.0, 0.0)
"""Simulated predictions know no more than they are made with."""


@dataclass(frozen=True)
class Market:
    """Days by symbols.

    Attributes:
        returns: of each day, from the close before; HORIZON + 1 days longer than the rest.
        label: standardised within the day.
        ranks: the label's ranks, centred and of unit norm.
    """

    returns: Floats
    label: Floats
    ranks: Floats


def make_market(kind: Kind, days: int, symbols: int, rng: np.random.Generator) -> Market:
    """One common factor and fat-tailed returns of the symbols' own; or volatilities that last."""
    common = rng.normal(0.0003, 0.008, (days + HORIZON + 1, 1))
    own = rng.standard_t(5, (days + HORIZON + 1, symbols)) * 0.017 / np.sqrt(5 / 3)
    returns = np.maximum(common + own, -0.9)
    if kind == "forward_return":
        total = np.cumsum(np.vstack([np.zeros(symbols), np.log1p(returns)]), axis=0)
        label = (total[HORIZON:] - total[:-HORIZON])[1 : days + 1]
    else:
        level = rng.standard_normal((days, symbols))
        for day in range(1, days):
            level[day] = 0.97 * level[day - 1] + np.sqrt(1 - 0.97**2) * level[day]
        label = level + 0.7 * rng.standard_normal((days, symbols))
    ranks = label.argsort(axis=1).argsort(axis=1) - (symbols - 1) / 2.0
    scale = label.std(axis=1, keepdims=True)
    return Market(
        returns,
        (label - label.mean(axis=1, keepdims=True)) / scale,
        ranks / np.sqrt((ranks**2).sum(axis=1, keepdims=True)),
    )


@numba.njit(cache=True, nogil=True)
def _predict_and_trade(
    label: Any, ranks: Any, returns: Any, memory: Any, knows: Any, held: Any, seed: Any
) -> Any:
    """Daily IC and net return of each variant (V, D): `knows` times the label, and noise."""
    days, symbols = label.shape
    variants = len(memory)
    ic = np.empty((variants, days))
    net = np.zeros((variants, days))
    state = np.uint64(seed * 2 + 1)
    for variant in range(variants):
        keep = memory[variant]
        fresh = np.sqrt(1 - keep**2) * np.sqrt(12.0)
        noise = np.zeros(symbols)
        score = np.empty(symbols)
        weight = np.zeros(symbols)
        target = np.zeros(symbols)
        blur = np.sqrt(1 - knows**2)
        for day in range(-1, days):
            # Before the first day the noise is drawn from its long-run distribution.
            scale = np.sqrt(12.0) if day < 0 else fresh
            for i in range(symbols):
                # xorshift64* (Vigna 2016): a plain generator that threads do not share.
                state ^= state >> np.uint64(12)
                state ^= state << np.uint64(25)
                state ^= state >> np.uint64(27)
                drawn = (state * np.uint64(2685821657736338717)) >> np.uint64(11)
                noise[i] = keep * noise[i] * (day >= 0) + scale * (drawn / 9007199254740992.0 - 0.5)
            if day < 0:
                continue
            total = 0.0
            square = 0.0
            product = 0.0
            for i in range(symbols):
                score[i] = knows * label[day, i] + blur * noise[i]
                total += score[i]
                square += score[i] ** 2
                product += score[i] * ranks[day, i]
            ic[variant, day] = product / np.sqrt(square - total**2 / symbols)
            # Yesterday's close filled yesterday's target, which was decided on the day before.
            earned = 0.0
            traded = 0.0
            short = 0.0
            for i in range(symbols):
                earned += weight[i] * returns[day, i]
                short += max(-weight[i], 0.0)
            for i in range(symbols):
                traded += abs(target[i] - weight[i])
                weight[i] = target[i]
            net[variant, day] = earned - traded * COST - short * BORROW
            if day % HORIZON == 0:
                order = np.argsort(score)
                for i in range(symbols):
                    target[i] = 0.0
                for place in range(held):
                    target[order[place]] = -1.0 / held
                    target[order[symbols - 1 - place]] = 1.0 / held
    return ic, net


def _evidence(ic: Floats, net: Floats, baseline: Floats, trials: int, trial_ic: Floats) -> Evidence:
    days = len(ic)
    return Evidence(
        days=pl.DataFrame(),
        fold=np.arange(days) * FOLDS // days,
        model_ic=ic,
        baseline="naive",
        baseline_ic=baseline,
        trial_ic=trial_ic,
        accuracy=None,
        returns=net,
        benchmark_returns=np.zeros(days),
        cost_rate=COST,
        turnover=0.0,
        trading_cost=np.zeros(days),
        trials=trials,
    )


def deploys(evidence: Evidence, kind: Kind, search: Callable[[], Overfitting]) -> bool:
    """Whether the judge would say deploy under the policy `research`: by every gate on which its
    verdict rests, the cheap ones first.

    The gates on robustness are left out, which that policy only tells. Under one by which they
    decide, no idea would be deployed that is not here.

    Args:
        search: CSCV of the variants, which takes a while and hangs on none of them.
    """
    policy = Policy()
    # How many of the trials differ is told in words only, and dear to find out for each of them.
    alone = replace(evidence, trial_ic=np.empty((len(evidence.model_ic), 0)))
    cheap = (
        lambda: deflated_sharpe_gate(alone, policy, kind == "log_realised_volatility"),
        lambda: folds_ahead_gate(evidence, policy),
        lambda: trials_gate(alone, policy, HORIZON),
    )
    for gate in (make() for make in cheap):
        if gate.decides and not gate.passed:
            return False
    made = measured_gates(Target(kind=kind, horizon=HORIZON), policy, alone, seed=7)
    made.append(overfitting_gate(search(), policy))
    made.append(leaks_gate([NO_LEAK]))
    return decide(made, evidence).word == "deploy"


@dataclass(frozen=True)
class Experiment:
    """Ideas of one sort, each with so many variants, which are the trials of its search.

    Attributes:
        judged: `any` of the variants may reach deploy, whichever a researcher would pick; or only
            the `first`, drawn before anything was known of it, the others being its search.
        knows: correlation of the planted prediction with its label.
        trials: in the ledger, for each of them.
    """

    kind: Kind
    ideas: int
    variants: int
    trials: int
    days: int
    symbols: int
    knows: float = 0.0
    seed: int = 1
    judged: Literal["any", "first"] = "any"

    def run_one(self, number: int) -> tuple[bool, float]:
        """Whether any variant is deployed, and the mean IC of the first."""
        rng = np.random.default_rng([self.seed, number, self.variants, self.symbols])
        market = make_market(self.kind, self.days, self.symbols, rng)
        known = VOLATILITY_IC if self.kind == "log_realised_volatility" else 0.0
        # What a volatility's model has over the baseline must not last as long as the symbols do,
        # or it would be a real, if lucky, advantage on these symbols.
        memories = MEMORIES[:3] if known else MEMORIES

        def predict(count: int, knows: float) -> tuple[Floats, Floats]:
            return _predict_and_trade(
                market.label,
                market.ranks,
                market.returns,
                rng.choice(memories, count),
                knows,
                max(1, int(self.symbols * QUANTILE)),
                int(rng.integers(1, 2**60)),
            )

        naive, _ = predict(2, known)
        ics, nets = predict(self.variants, max(known, self.knows))
        baseline = naive[naive.mean(axis=1).argmax()]
        found = [
            _evidence(ic, net, baseline, self.trials, ics.T)
            for ic, net in zip(ics, nets, strict=True)
        ]
        search = cache(lambda: search_overfitting(found[0]))
        picked = found if self.judged == "any" else found[:1]
        deployed = any(deploys(evidence, self.kind, search) for evidence in picked)
        return deployed, float(ics[0].mean())

    def run(self, threads: int = 2) -> dict[str, Any]:
        with ThreadPoolExecutor(threads) as pool:
            found: Iterable[tuple[bool, float]] = list(pool.map(self.run_one, range(self.ideas)))
        deployed = sum(one for one, _ in found)
        return {
            "kind": self.kind,
            "ideas": self.ideas,
            "variants": self.variants,
            "trials": self.trials,
            "days": self.days,
            "symbols": self.symbols,
            "judged": self.judged,
            "mean_ic": float(np.mean([ic for _, ic in found])),
            "deployed": deployed,
            "share": deployed / self.ideas,
        }

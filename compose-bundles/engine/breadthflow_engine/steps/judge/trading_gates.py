"""Gates on the money: does the book earn something after costs, and could that be luck?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from breadthflow_engine.statistics import (
    block_bootstrap_interval,
    deflated_sharpe,
    expected_maximum_sharpe,
    moments,
    optimal_block_length,
    probabilistic_sharpe,
    sharpe_ratio,
)
from breadthflow_engine.statistics.sharpe import Moments
from breadthflow_engine.steps.judge.changes import (
    BARS_PER_YEAR,
    bars_for_deflated_sharpe,
    lasting,
)
from breadthflow_engine.steps.judge.evidence import Evidence
from breadthflow_engine.steps.judge.gate import Gate
from breadthflow_engine.steps.judge.luck_gates import alike_told
from breadthflow_engine.steps.judge.policy import Policy
from breadthflow_engine.steps.judge.settings import CONFIDENCE, REPLICATES
from breadthflow_engine.written import counted, decimal

Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]
_NO_SHARPE = " It is absent because the book's returns do not vary: nothing was traded."
_ASIDE = " Told for information: the verdict on a volatility rests on its predictions."


def _annual_sharpe(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Yearly Sharpe ratios of daily returns (B, T) or (B, T, K), along time."""
    deviation = samples.std(axis=1, ddof=1)
    safe = np.where(deviation > 0, deviation, np.nan)
    return samples.mean(axis=1) / safe * np.sqrt(BARS_PER_YEAR)


def _sharpe_lead(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    both = _annual_sharpe(samples)
    return both[:, 0] - both[:, 1]


def _bounds(
    evidence: Evidence, returns: NDArray[np.float64], statistic: Statistic, horizon: int, seed: int
) -> tuple[float, float]:
    """The statistic's interval; blocks are as long as the book's returns hang together."""
    interval = block_bootstrap_interval(
        returns,
        max(float(horizon), optimal_block_length(evidence.returns)),
        statistic=statistic,
        level=CONFIDENCE,
        replicates=REPLICATES,
        seed=seed,
    )
    return interval.lower, interval.upper


def net_sharpe_gate(evidence: Evidence, policy: Policy, horizon: int, seed: int) -> Gate:
    """Yearly net Sharpe ratio of the book, for ideas whose verdict rests on trading."""
    limit = policy.net_sharpe
    value = sharpe_ratio(evidence.returns, BARS_PER_YEAR)
    meaning = (
        "Yearly Sharpe ratio after commission, slippage and borrow; passes from "
        f"{limit.threshold:g}. The 95 % interval shows how little some years can tell."
    )
    bounds = None
    if value is not None:
        bounds = _bounds(evidence, evidence.returns, _annual_sharpe, horizon, seed)
    return Gate(
        name="net_sharpe",
        label="Net Sharpe ratio",
        value=value,
        threshold=limit.threshold,
        interval=bounds,
        passed=value is not None and value >= limit.threshold,
        decides=limit.decides,
        meaning=meaning + ("" if value is not None else _NO_SHARPE),
        would_change=cost_change(evidence, limit.threshold),
    )


def break_even_cost(evidence: Evidence, sharpe: float = 0.0) -> float | None:
    """Cost of a traded notional, a fraction, at which the book's yearly Sharpe ratio would be
    `sharpe`; negative where it is lower without any costs. None if nothing was traded."""
    if evidence.cost_rate is None or evidence.turnover <= 0 or len(evidence.returns) < 2:
        return None
    needed = sharpe * float(evidence.returns.std(ddof=1)) / BARS_PER_YEAR**0.5
    before = float((evidence.returns + evidence.trading_cost).mean())
    return (before - needed) / evidence.turnover


def cost_change(evidence: Evidence, threshold: float) -> str | None:
    """What costs would turn a gate on the net Sharpe ratio."""
    cost, limit = evidence.cost_rate, break_even_cost(evidence, threshold)
    if cost is None or limit is None:
        return None
    if limit < 0:
        return (
            "Lower costs would not do: even if trading were free, the Sharpe ratio would stay "
            f"below {threshold:g}."
        )
    return (
        f"The Sharpe ratio is {threshold:g} where trading costs {decimal(limit * 1e4, 1)} basis "
        f"points of the traded notional; here it costs {decimal(cost * 1e4, 1)}."
    )


def sharpe_lead_gate(evidence: Evidence, horizon: int, seed: int) -> Gate:
    """Net Sharpe ratio over that of equal weights, for volatility ideas; it decides nothing."""
    own = sharpe_ratio(evidence.returns, BARS_PER_YEAR)
    equal = sharpe_ratio(evidence.benchmark_returns, BARS_PER_YEAR)
    meaning = (
        "Yearly net Sharpe ratio of the book less that of equal weights over the same symbols, "
        "days and costs."
    )
    value, bounds = None, None
    if own is None or equal is None:
        meaning += _NO_SHARPE
    else:
        value = own - equal
        meaning += f" Here {decimal(own, 2)} against {decimal(equal, 2)}."
        both = np.column_stack([evidence.returns, evidence.benchmark_returns])
        bounds = _bounds(evidence, both, _sharpe_lead, horizon, seed)
    return Gate(
        name="sharpe_lead",
        label="Net Sharpe ratio over equal weights",
        value=value,
        threshold=0.0,
        interval=bounds,
        passed=value is not None and value > 0,
        decides=False,
        meaning=meaning + _ASIDE,
    )


def probabilistic_sharpe_gate(evidence: Evidence, policy: Policy, of_volatility: bool) -> Gate:
    limit, found = policy.probabilistic_sharpe, moments(evidence.returns)
    value = _probability(found, trials=1)
    return Gate(
        name="probabilistic_sharpe",
        label="Probabilistic Sharpe ratio",
        value=value,
        threshold=limit.threshold,
        interval=None,
        passed=value is not None and value >= limit.threshold,
        decides=limit.decides and not of_volatility,
        meaning=(
            "Probability that the true net Sharpe ratio is above 0, given "
            f"{found.observations:,} days and their skew and kurtosis, as if this had been the "
            "only trial."
            + ("" if value is not None else _NO_SHARPE)
            + (_ASIDE if of_volatility else "")
        ),
        would_change=_record_change(found, 1, limit.threshold),
    )


def deflated_sharpe_gate(evidence: Evidence, policy: Policy, of_volatility: bool) -> Gate:
    limit, found = policy.deflated_sharpe, moments(evidence.returns)
    value = _probability(found, evidence.trials)
    return Gate(
        name="deflated_sharpe",
        label="Deflated Sharpe ratio",
        value=value,
        threshold=limit.threshold,
        interval=None,
        passed=value is not None and value >= limit.threshold,
        decides=limit.decides and not of_volatility,
        meaning=(
            "Probability that the true net Sharpe ratio is above what the luckiest of "
            f"{counted(evidence.trials, 'worthless trial')} would show, the number run on this "
            "data set so far. Trials are not traded one by one, so their Sharpe ratios are "
            "taken to scatter as those of worthless returns do (variance 1/T, T = "
            f"{found.observations} days) and to be independent, which errs on the strict "
            f"side{alike_told(evidence)}."
            + ("" if value is not None else _NO_SHARPE)
            + (_ASIDE if of_volatility else "")
        ),
        would_change=_record_change(found, evidence.trials, limit.threshold),
    )


def record_needed(found: Moments, trials: int, confidence: float) -> float | None:
    """Bars after which the same Sharpe ratio would pass; None where no record is long enough."""
    if found.sharpe is None or found.skew is None or found.kurtosis is None:
        return None
    variance = 1 - found.skew * found.sharpe + (found.kurtosis - 1) / 4 * found.sharpe**2
    luck = expected_maximum_sharpe(trials, 1.0)
    return bars_for_deflated_sharpe(found.sharpe, variance**0.5, luck, confidence)


def _record_change(found: Moments, trials: int, confidence: float) -> str | None:
    if found.sharpe is None or not 0.5 < confidence < 1:
        return None
    needed = record_needed(found, trials, confidence)
    if needed is None:
        return "No record is long enough for a Sharpe ratio that is not above zero."
    return (
        f"The same returns would need {lasting(needed)} to pass; the book has "
        f"{found.observations:,} bars."
    )


def _probability(found: Moments, trials: int) -> float | None:
    if found.sharpe is None or found.skew is None or found.kurtosis is None:
        return None
    if trials == 1:
        return probabilistic_sharpe(found.sharpe, found.observations, found.skew, found.kurtosis)
    return deflated_sharpe(
        found.sharpe,
        found.observations,
        found.skew,
        found.kurtosis,
        trials,
        1.0 / found.observations,
    )

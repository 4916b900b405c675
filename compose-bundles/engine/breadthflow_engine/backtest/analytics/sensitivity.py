"""Whether the result hangs on a number that somebody chose.

These are looks, not trials to choose from: whoever picks the best cell has run them all.
"""

from __future__ import annotations

from typing import Any

from breadthflow_engine.backtest.absent import Absent
from breadthflow_engine.backtest.analytics.capacity import sharpe_of
from breadthflow_engine.backtest.frictions import Frictions
from breadthflow_engine.backtest.market import Days, Matrix
from breadthflow_engine.backtest.study import Study, in_threads

COST_MULTIPLES = (0.0, 0.5, 1.0, 2.0, 3.0)
DELAYS = (0, 1, 2, 3, 5)
REBALANCES = (1, 2, 5, 10, 21)
QUANTILES = (0.05, 0.1, 0.2, 0.3)
OVERLAPS = (1, 2, 4)


def cost_and_delay(
    study: Study, days: Days, weights: Matrix, frictions: Frictions, threads: int
) -> dict[str, Any]:
    """Net Sharpe ratio when trading costs `cost` times as much, and orders are filled `delay` bars
    later than they could be.

    Returns:
        `delay` (L,), `cost` (C,), `sharpe_net` (L, C); borrow is left as it is.
    """
    cells = [(delay, cost) for delay in DELAYS for cost in COST_MULTIPLES]

    def cell(at: tuple[int, float]) -> float | None:
        delay, cost = at
        costs = frictions.scaled(cost)
        return sharpe_of(study.trade(study.trading, days, weights, frictions=costs, delay=delay))

    found = in_threads(cell, cells, threads)
    _refuse_empty(found)
    return {
        "delay": DELAYS,
        "cost": COST_MULTIPLES,
        "sharpe_net": _rows(found, len(COST_MULTIPLES)),
    }


def rebalance_and_breadth(study: Study, threads: int) -> dict[str, Any]:
    """Net Sharpe ratio by how often, and how broadly, the same predictions are traded.

    Returns:
        `rebalance` (L,) bars (or the idea's weeks or months); `other`: `quantile`, or `overlap` for
        strategies that have no quantile; `values` (C,) of it; `sharpe_net` (L, C).
    """
    trading = study.trading
    by_quantile = trading.strategy in ("long_short", "long_only") and trading.top_n is None
    other = "quantile" if by_quantile else "overlap"
    values = QUANTILES if by_quantile else OVERLAPS
    periods = REBALANCES if trading.calendar == "bar" else REBALANCES[:2]

    def row(period: int) -> list[float | None]:
        same = trading.model_copy(update={"rebalance": period})
        days = study.signal_days(same)
        frictions = study.frictions(same, days)
        return [
            sharpe_of(
                study.trade(
                    same,
                    days,
                    study.weights(same.model_copy(update={other: value}), days),
                    frictions=frictions,
                )
            )
            for value in values
        ]

    rows = in_threads(row, periods, threads)
    _refuse_empty([cell for cells in rows for cell in cells])
    return {"rebalance": periods, "other": other, "values": values, "sharpe_net": rows}


def _refuse_empty(cells: list[float | None]) -> None:
    if all(cell is None for cell in cells):
        raise Absent("nothing was traded, or the returns do not vary")


def _rows(cells: list[float | None], width: int) -> list[list[float | None]]:
    return [cells[at : at + width] for at in range(0, len(cells), width)]

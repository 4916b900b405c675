"""The words of the feature language: what each takes, what it means, how primitives make it up."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from breadthflow_engine.language.graph import Graph

Build = Callable[[Graph, Sequence[int], Sequence[float]], int]


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator.

    Attributes:
        looks: at its own row, along the `time` of a symbol, or `across` the symbols of a date.
        values: names of the arguments that are expressions.
        settings: names of the literal arguments that follow: `bars` (a window or a delay),
            `half_life` (bars), `low`, `high`, `share` (a fraction).
        least: smallest number of bars that it makes sense with.
    """

    name: str
    looks: Literal["row", "time", "across"]
    values: tuple[str, ...]
    settings: tuple[str, ...]
    meaning: str
    build: Build
    least: int = 1

    @property
    def usage(self) -> str:
        return f"{self.name}({', '.join((*self.values, *self.settings))})"


# --- rows ----------------------------------------------------------------------------------------


def _row(name: str, values: str, meaning: str, settings: str = "") -> Operator:
    def build(graph: Graph, inputs: Sequence[int], literals: Sequence[float]) -> int:
        return graph.row(name, *inputs, settings=tuple(literals))

    return Operator(name, "row", tuple(values.split()), tuple(settings.split()), meaning, build)


def _extreme(name: str, bound: str, meaning: str) -> Operator:
    """Against a plain number it is a bound, which is the cheaper primitive."""

    def build(graph: Graph, inputs: Sequence[int], _literals: Sequence[float]) -> int:
        for x, other in (inputs, inputs[::-1]):
            vertex = graph.vertices[other]
            if vertex.kind == "number":
                return graph.row(bound, x, settings=vertex.settings)
        return graph.row(name, *inputs)

    return Operator(name, "row", ("a", "b"), (), meaning, build)


ROW = [
    _row("add", "a b", "a + b"),
    _row("subtract", "a b", "a - b"),
    _row("multiply", "a b", "a * b"),
    _row("divide", "a b", "a / b; missing where b is 0"),
    _row("power", "a b", "a ^ b"),
    _row("negative", "a", "-a"),
    _row("less", "a b", "1 where a < b, else 0"),
    _row("less_equal", "a b", "1 where a <= b, else 0"),
    _row("greater", "a b", "1 where a > b, else 0"),
    _row("greater_equal", "a b", "1 where a >= b, else 0"),
    _row("log", "x", "natural logarithm; missing where x <= 0"),
    _row("exp", "x", "e to the x"),
    _row("sqrt", "x", "square root; missing where x < 0"),
    _row("abs", "x", "size of x without its sign"),
    _row("sign", "x", "-1, 0 or 1"),
    _extreme("least", "cap", "the smaller of two"),
    _extreme("greatest", "floor", "the greater of two"),
    _row("clip", "x", "x held between two bounds", "low high"),
    _row("where", "condition a b", "a where the condition is not 0, else b"),
    _row("fill", "x other", "x, or the other where x is missing"),
]

# --- along time ----------------------------------------------------------------------------------


def _window(name: str, meaning: str, least: int = 1, settings: str = "bars") -> Operator:
    def build(graph: Graph, inputs: Sequence[int], literals: Sequence[float]) -> int:
        reach = int(literals[0]) - 1
        return graph.time(name, *inputs, settings=tuple(literals), reach=reach)

    return Operator(name, "time", ("x",), tuple(settings.split()), meaning, build, least)


def _delay(graph: Graph, inputs: Sequence[int], literals: Sequence[float]) -> int:
    return graph.time("delay", *inputs, settings=tuple(literals), reach=int(literals[0]))


def _delta(graph: Graph, inputs: Sequence[int], literals: Sequence[float]) -> int:
    return graph.row("subtract", inputs[0], _delay(graph, inputs, literals))


def _zscore(graph: Graph, inputs: Sequence[int], literals: Sequence[float]) -> int:
    mean = _mean(graph, inputs[0], literals)
    reach = int(literals[0]) - 1
    spread = graph.time("stdev", inputs[0], settings=tuple(literals), reach=reach)
    return graph.row("divide", graph.row("subtract", inputs[0], mean), spread)


def _ewma(graph: Graph, inputs: Sequence[int], literals: Sequence[float]) -> int:
    reach = int(literals[1]) - 1
    return graph.time("ewma", *inputs, settings=tuple(literals), reach=reach)


def _mean(graph: Graph, x: int, literals: Sequence[float]) -> int:
    return graph.time("mean", x, settings=tuple(literals), reach=int(literals[0]) - 1)


@dataclass(frozen=True, slots=True)
class _Moments:
    covariance: int
    variance_x: int
    variance_y: int


def _moments(graph: Graph, inputs: Sequence[int], literals: Sequence[float]) -> _Moments:
    """Population moments of two inputs over the rows of the window on which both exist."""
    x = graph.row("where_present", inputs[0], inputs[1])
    y = graph.row("where_present", inputs[1], inputs[0])
    mean_x, mean_y = _mean(graph, x, literals), _mean(graph, y, literals)

    def central(a: int, b: int, mean_a: int, mean_b: int) -> int:
        product = _mean(graph, graph.row("multiply", a, b), literals)
        return graph.row("subtract", product, graph.row("multiply", mean_a, mean_b))

    return _Moments(
        central(x, y, mean_x, mean_y),
        central(x, x, mean_x, mean_x),
        central(y, y, mean_y, mean_y),
    )


def _correlation(graph: Graph, inputs: Sequence[int], literals: Sequence[float]) -> int:
    m = _moments(graph, inputs, literals)
    spread = graph.row("sqrt", graph.row("multiply", m.variance_x, m.variance_y))
    return graph.row("clip", graph.row("divide", m.covariance, spread), settings=(-1.0, 1.0))


def _slope(graph: Graph, inputs: Sequence[int], literals: Sequence[float]) -> int:
    m = _moments(graph, inputs, literals)
    return graph.row("divide", m.covariance, m.variance_y)


def _residual_stdev(graph: Graph, inputs: Sequence[int], literals: Sequence[float]) -> int:
    m = _moments(graph, inputs, literals)
    explained = graph.row("divide", graph.row("multiply", m.covariance, m.covariance), m.variance_y)
    rest = graph.row("subtract", m.variance_x, explained)
    return graph.row("sqrt", graph.row("floor", rest, settings=(0.0,)))


def _bars_since(graph: Graph, inputs: Sequence[int], literals: Sequence[float]) -> int:
    reach = int(literals[0]) - 1
    return graph.time("bars_since", *inputs, settings=tuple(literals), reach=reach)


def _gap_days(graph: Graph, _inputs: Sequence[int], _literals: Sequence[float]) -> int:
    return graph.time("gap_days", reach=1)


TIME = [
    Operator("delay", "time", ("x",), ("bars",), "x so many bars ago", _delay),
    Operator("delta", "time", ("x",), ("bars",), "x less x so many bars ago", _delta),
    _window("mean", "mean over the last bars"),
    _window("sum", "sum over the last bars"),
    _window("stdev", "standard deviation over the last bars (n - 1)", 2),
    _window("min", "smallest of the last bars"),
    _window("max", "greatest of the last bars"),
    _window("median", "median of the last bars"),
    _window("quantile", "quantile of the last bars, linear", 2, "bars share"),
    _window("skew", "skewness over the last bars", 3),
    _window("kurtosis", "excess kurtosis over the last bars", 4),
    _window("ts_rank", "rank of the present bar among the last ones, 0 to 1", 2),
    Operator("zscore", "time", ("x",), ("bars",), "x in deviations from its mean", _zscore, 2),
    Operator(
        "ewma",
        "time",
        ("x",),
        ("half_life", "bars"),
        "mean over the last bars, weights halving every half_life bars",
        _ewma,
    ),
    Operator("correlation", "time", ("x", "y"), ("bars",), "correlation", _correlation, 3),
    Operator("slope", "time", ("x", "y"), ("bars",), "regression slope of x on y", _slope, 3),
    Operator(
        "residual_stdev",
        "time",
        ("x", "y"),
        ("bars",),
        "deviation of x that y does not explain",
        _residual_stdev,
        3,
    ),
    Operator(
        "bars_since",
        "time",
        ("condition",),
        ("bars",),
        "bars since the condition last held, 0 for now, at most `bars`",
        _bars_since,
    ),
    Operator("gap_days", "time", (), (), "calendar days since the bar before", _gap_days),
]

# --- across symbols ------------------------------------------------------------------------------


def _across(name: str, meaning: str) -> Operator:
    def build(graph: Graph, inputs: Sequence[int], _literals: Sequence[float]) -> int:
        return graph.cross(name, inputs[0])

    return Operator(name, "across", ("x",), (), meaning, build)


def _centred(name: str, centre: str, spread: str | None, meaning: str) -> Operator:
    def build(graph: Graph, inputs: Sequence[int], _literals: Sequence[float]) -> int:
        centred = graph.row("subtract", inputs[0], graph.cross(centre, inputs[0]))
        if spread is None:
            return centred
        return graph.row("divide", centred, graph.cross(spread, inputs[0]))

    return Operator(name, "across", ("x",), (), meaning, build)


ACROSS = [
    _across("rank", "rank among the symbols of the day, 0 to 1, ties shared"),
    _across("market_mean", "mean over the symbols of the day"),
    _across("market_median", "median over the symbols of the day"),
    _across("market_stdev", "standard deviation over the symbols of the day"),
    _across("sector_rank", "rank among the symbols of the sector, 0 to 1"),
    _across("sector_mean", "mean over the symbols of the sector"),
    _across("sector_stdev", "standard deviation over the symbols of the sector"),
    _centred("demean", "market_mean", None, "x less the mean of the day"),
    _centred("zscore_cs", "market_mean", "market_stdev", "x in deviations from the day's mean"),
    _centred("sector_demean", "sector_mean", None, "x less the mean of its sector"),
    _centred("sector_zscore", "sector_mean", "sector_stdev", "x in its sector's deviations"),
]

# --- calendar ------------------------------------------------------------------------------------


def _of_date(name: str, meaning: str) -> Operator:
    def build(graph: Graph, _inputs: Sequence[int], _literals: Sequence[float]) -> int:
        return graph.calendar(name)

    return Operator(name, "row", (), (), meaning, build)


CALENDAR = [
    _of_date("day_of_week", "1 for Monday to 7"),
    _of_date("day_of_month", "1 to 31"),
    _of_date("day_of_year", "1 to 366"),
    _of_date("week_of_year", "ISO week, 1 to 53"),
    _of_date("month", "1 to 12"),
    _of_date("quarter", "1 to 4"),
    _of_date("days_to_month_end", "calendar days left in the month"),
    _of_date("days_into_quarter", "calendar days since the quarter began"),
]

OPERATORS: dict[str, Operator] = {o.name: o for o in [*ROW, *TIME, *ACROSS, *CALENDAR]}

COLUMNS = ("open", "high", "low", "close", "volume")

DERIVED: dict[str, str] = {
    "returns": "close / delay(close, 1) - 1",
    "log_returns": "log(close / delay(close, 1))",
    "overnight_returns": "log(open / delay(close, 1))",
    "intraday_returns": "log(close / open)",
    "dollar_volume": "close * volume",
    "true_range": "greatest(high, delay(close, 1)) - least(low, delay(close, 1))",
    "parkinson": f"log(high / low) ^ 2 / {4 * math.log(2)!r}",
    "garman_klass": (
        f"0.5 * log(high / low) ^ 2 - {2 * math.log(2) - 1!r} * log(close / open) ^ 2"
    ),
    "rogers_satchell": (
        "log(high / close) * log(high / open) + log(low / close) * log(low / open)"
    ),
}
"""Columns that are short for an expression. The last three are variances of one bar, in squared
log returns: Parkinson (1980), Garman and Klass (1980, without drift terms), Rogers and Satchell
(1991)."""

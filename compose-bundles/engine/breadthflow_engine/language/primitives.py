"""Each primitive of the graph as a Polars expression.

Time primitives are evaluated over one symbol, cross ones over one date. A window counts when at
least four fifths of its bars have a value, so that one missing open does not blank a year of
features. Running sums of the rolling kernels begin at the first bar of the symbol; they are the
same on data cut at t, and so are their rounding errors.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import polars as pl

SYMBOL = "__symbol"
BAR = "__bar"
DAY = "date"
SECTOR = "__sector"

Exprs = Sequence[pl.Expr]
Settings = Sequence[float]


def enough(bars: int) -> int:
    """How many values make a window of so many bars count."""
    return max(1, math.ceil(0.8 * bars))


def present(expression: pl.Expr) -> pl.Expr:
    """A value that is not finite is a missing one."""
    return pl.when(expression.is_finite()).then(expression)


def _truth(expression: pl.Expr) -> pl.Expr:
    return expression.cast(pl.Float64)


_ROW: dict[str, Callable[[Exprs, Settings], pl.Expr]] = {
    "add": lambda x, _: x[0] + x[1],
    "subtract": lambda x, _: x[0] - x[1],
    "multiply": lambda x, _: x[0] * x[1],
    "divide": lambda x, _: x[0] / x[1],
    "power": lambda x, _: x[0].pow(x[1]),
    "negative": lambda x, _: -x[0],
    "less": lambda x, _: _truth(x[0] < x[1]),
    "less_equal": lambda x, _: _truth(x[0] <= x[1]),
    "greater": lambda x, _: _truth(x[0] > x[1]),
    "greater_equal": lambda x, _: _truth(x[0] >= x[1]),
    "log": lambda x, _: x[0].log(),
    "exp": lambda x, _: x[0].exp(),
    "sqrt": lambda x, _: x[0].sqrt(),
    "abs": lambda x, _: x[0].abs(),
    "sign": lambda x, _: x[0].sign(),
    "least": lambda x, _: pl.when(x[0] <= x[1]).then(x[0]).when(x[1] < x[0]).then(x[1]),
    "greatest": lambda x, _: pl.when(x[0] >= x[1]).then(x[0]).when(x[1] > x[0]).then(x[1]),
    "floor": lambda x, s: x[0].clip(lower_bound=s[0]),
    "cap": lambda x, s: x[0].clip(upper_bound=s[0]),
    "clip": lambda x, s: x[0].clip(s[0], s[1]),
    "where": lambda x, _: pl.when(x[0] != 0).then(x[1]).when(x[0].is_not_null()).then(x[2]),
    "where_present": lambda x, _: pl.when(x[1].is_not_null()).then(x[0]),
    "fill": lambda x, _: pl.coalesce(x[0], x[1]),
}

FRAGILE = {"add", "subtract", "multiply", "divide", "power", "log", "exp", "sqrt"}
"""Row operations that can leave the finite numbers."""


def _rolling(method: str) -> Callable[[Exprs, Settings], pl.Expr]:
    def build(x: Exprs, s: Settings) -> pl.Expr:
        bars = int(s[0])
        return getattr(x[0], method)(bars, min_samples=enough(bars))

    return build


def _guarded(method: str) -> Callable[[Exprs, Settings], pl.Expr]:
    """As `_rolling`, for what divides by a spread that may be 0."""
    build = _rolling(method)
    return lambda x, s: present(build(x, s))


def _rolling_rank(x: Exprs, s: Settings) -> pl.Expr:
    bars = int(s[0])
    ranks = x[0].rolling_rank(bars, "average", min_samples=enough(bars))
    others = x[0].is_not_null().cast(pl.Float64).rolling_sum(bars, min_samples=1) - 1
    return present((ranks - 1) / others)


def _ewma(x: Exprs, s: Settings) -> pl.Expr:
    """Weights 2^(-i / half_life) over the last bars only, renormalised over those present.

    The sum over a window is the sum over all bars less what has left the window.
    """
    half_life, bars = s[0], int(s[1])
    left = 0.5 ** (bars / half_life)

    def windowed(values: pl.Expr) -> pl.Expr:
        total = values.ewm_sum(half_life=half_life)
        return total - left * total.shift(bars, fill_value=0.0)

    there = x[0].is_not_null().cast(pl.Float64)
    count = there.rolling_sum(bars, min_samples=enough(bars))
    weighted = windowed(x[0].fill_null(0.0)) / windowed(there)
    return pl.when(count >= enough(bars)).then(weighted)


def _bars_since(x: Exprs, s: Settings) -> pl.Expr:
    bar = pl.col(BAR)
    latest = pl.when(x[0] != 0).then(bar).forward_fill()
    since = (bar - latest).fill_null(s[0]).clip(0, s[0])
    return pl.when(x[0].is_not_null()).then(since)


_TIME: dict[str, Callable[[Exprs, Settings], pl.Expr]] = {
    "mean": _rolling("rolling_mean"),
    "sum": _rolling("rolling_sum"),
    "stdev": _rolling("rolling_std"),
    "min": _rolling("rolling_min"),
    "max": _rolling("rolling_max"),
    "median": _rolling("rolling_median"),
    "skew": _guarded("rolling_skew"),
    "kurtosis": _guarded("rolling_kurtosis"),
    "quantile": lambda x, s: x[0].rolling_quantile(
        s[1], "linear", window_size=int(s[0]), min_samples=enough(int(s[0]))
    ),
    "ts_rank": _rolling_rank,
    "ewma": _ewma,
    "bars_since": _bars_since,
    "gap_days": lambda _x, _s: pl.col(DAY).diff().dt.total_days().cast(pl.Float64),
}


_CROSS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "mean": lambda x: x.mean(),
    "median": lambda x: x.median(),
    "stdev": lambda x: x.std(),
}


def cross(operation: str, value: pl.Expr) -> pl.Expr:
    """`market_*` and `rank` over the day, `sector_*` over the day's symbols of one sector."""
    of_sector = operation.startswith("sector_")
    keys = (DAY, SECTOR) if of_sector else (DAY,)
    what = operation.removeprefix("sector_").removeprefix("market_")
    if what == "rank":
        others = value.count().over(keys).cast(pl.Float64) - 1
        made = present((value.rank("average").over(keys) - 1) / others)
    else:
        made = _CROSS[what](value).over(keys)
    return pl.when(pl.col(SECTOR).is_not_null()).then(made) if of_sector else made


_CALENDAR: dict[str, Callable[[], pl.Expr]] = {
    "day_of_week": lambda: pl.col(DAY).dt.weekday(),
    "day_of_month": lambda: pl.col(DAY).dt.day(),
    "day_of_year": lambda: pl.col(DAY).dt.ordinal_day(),
    "week_of_year": lambda: pl.col(DAY).dt.week(),
    "month": lambda: pl.col(DAY).dt.month(),
    "quarter": lambda: pl.col(DAY).dt.quarter(),
    "days_to_month_end": lambda: (
        pl.col(DAY).dt.month_end().dt.day().cast(pl.Int32) - pl.col(DAY).dt.day()
    ),
    "days_into_quarter": lambda: (
        pl.col(DAY).dt.date() - pl.col(DAY).dt.truncate("1q").dt.date()
    ).dt.total_days(),
}


def row(operation: str, inputs: Exprs, settings: Settings) -> pl.Expr:
    return _ROW[operation](inputs, settings)


def calendar(operation: str) -> pl.Expr:
    return _CALENDAR[operation]().cast(pl.Float64)


def time(operation: str, inputs: Exprs, settings: Settings) -> pl.Expr:
    if operation == "delay":  # bars of one symbol are adjacent: no need to part them first
        bars = int(settings[0])
        return pl.when(pl.col(BAR) >= bars).then(inputs[0].shift(bars))
    return _TIME[operation](inputs, settings).over(SYMBOL)

"""Each primitive of the graph as a Polars expression.

Time primitives look along one symbol, cross ones over one date. A window counts when at least four
fifths of its bars have a value, so that one missing open does not blank a year of features.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from breadthflow_engine.language import windows

SYMBOL = "__symbol"
BAR = "__bar"
DAY_ORDER = "__day_order"
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

TOLERANT = {"delay", "mean", "sum", "stdev", "min", "max", "ewma", "bars_since", "rank"}
"""Operations that take a value that is not finite for a missing one, or pass it on."""

Kernel = Callable[..., np.ndarray]


def _kernel(kernel: Kernel, x: pl.Expr, *settings: float) -> pl.Expr:
    """A compiled window over all symbols at once."""

    return pl.map_batches(
        [x, pl.col(BAR)],
        lambda columns: _from_kernel(kernel, columns, *settings),
        return_dtype=pl.Float64,
    )


def _from_kernel(kernel: Kernel, columns: Sequence[pl.Series], *settings: float) -> pl.Series:
    """What a kernel makes of columns; missing values are NaN inside, null outside."""
    arrays = [np.ascontiguousarray(column.to_numpy()) for column in columns]
    return pl.Series(kernel(*arrays, *settings), nan_to_null=True)


def _window(kernel: Kernel) -> Callable[[pl.Expr, Settings], pl.Expr]:
    return lambda x, s: _kernel(kernel, x, int(s[0]), enough(int(s[0])))


def _rolling(method: str) -> Callable[[pl.Expr, Settings], pl.Expr]:
    """Polars' own window, for what is asked for rarely. A spread of 0 makes some not finite."""

    def build(x: pl.Expr, s: Settings) -> pl.Expr:
        bars = int(s[0])
        return present(getattr(x, method)(bars, min_samples=enough(bars)).over(SYMBOL))

    return build


def _quantile(x: pl.Expr, s: Settings) -> pl.Expr:
    bars = int(s[0])
    return x.rolling_quantile(s[1], "linear", window_size=bars, min_samples=enough(bars)).over(
        SYMBOL
    )


def _delay(x: pl.Expr, s: Settings) -> pl.Expr:
    """The bars of one symbol are adjacent: no need to part them first."""
    bars = int(s[0])
    return pl.when(pl.col(BAR) >= bars).then(x.shift(bars))


def _rank_in_window(x: pl.Expr, s: Settings) -> pl.Expr:
    bars = int(s[0])
    ranks = x.rolling_rank(bars, "average", min_samples=enough(bars)).over(SYMBOL)
    others = _sum(x.is_not_null().cast(pl.Float64), (bars,)) - 1
    return present((ranks - 1) / others)


def _sum(x: pl.Expr, s: Settings) -> pl.Expr:
    """Mean times the number of values that are there; a missing one counts as nothing."""
    bars = int(s[0])
    there = x.is_finite().fill_null(False).cast(pl.Float64)
    share = _kernel(windows.mean, there, bars, 1)
    length = pl.min_horizontal(pl.col(BAR) + 1, bars)
    return _window(windows.mean)(x, s) * share * length


_TIME: dict[str, Callable[[pl.Expr, Settings], pl.Expr]] = {
    "delay": _delay,
    "mean": _window(windows.mean),
    "sum": _sum,
    "stdev": _window(windows.stdev),
    "min": lambda x, s: -_window(windows.greatest)(-x, s),
    "max": _window(windows.greatest),
    "ewma": lambda x, s: _kernel(windows.ewma, x, s[0], int(s[1]), enough(int(s[1]))),
    "bars_since": lambda x, s: _kernel(windows.bars_since, x, int(s[0])),
    "median": _rolling("rolling_median"),
    "skew": _rolling("rolling_skew"),
    "kurtosis": _rolling("rolling_kurtosis"),
    "quantile": _quantile,
    "ts_rank": _rank_in_window,
}


def row(operation: str, inputs: Exprs, settings: Settings) -> pl.Expr:
    """A value from values of the same row."""
    return _ROW[operation](inputs, settings)


def time(operation: str, inputs: Exprs, settings: Settings) -> pl.Expr:
    """A value from the present and earlier rows of the symbol."""
    if operation == "gap_days":
        days = (pl.col(DAY) - pl.col(DAY).shift(1)).dt.total_days().cast(pl.Float64)
        return pl.when(pl.col(BAR) >= 1).then(days)
    return _TIME[operation](inputs[0], settings)


_CROSS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "mean": lambda x: x.mean(),
    "median": lambda x: x.median(),
    "stdev": lambda x: x.std(),
}


def cross(operation: str, value: pl.Expr) -> pl.Expr:
    """`market_*` and `rank` over the day, `sector_*` over the day's symbols of one sector."""
    if operation == "rank":
        return pl.map_batches(
            [value, pl.col(DAY_ORDER), pl.col(DAY).to_physical().cast(pl.Int64)],
            lambda columns: _from_kernel(windows.rank_in_day, columns),
            return_dtype=pl.Float64,
        )
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
    "days_to_month_end": lambda: pl.col(DAY).dt.days_in_month() - pl.col(DAY).dt.day(),
    "days_into_quarter": lambda: (
        pl.col(DAY).dt.date() - pl.col(DAY).dt.truncate("1q").dt.date()
    ).dt.total_days(),
}


def calendar(operation: str) -> pl.Expr:
    """A value from the date alone."""
    return _CALENDAR[operation]().cast(pl.Float64)

"""Volatility: estimators, horizons, shape. Logs, since volatility is close to log-normal."""

from breadthflow_engine.steps.features.library.rows import Row

_FLOOR = "1e-8"  # a basis point a bar, squared, as for the label: a still price has no log


def _log_root(variance: str) -> str:
    """Log of the volatility that belongs to a variance of one bar."""
    return f"log(greatest({variance}, {_FLOOR})) / 2"


def _log_of(volatility: str) -> str:
    return f"log(greatest({volatility}, 1e-4))"


def _mean(variance: str, bars: int) -> str:
    return _log_root(f"mean({variance}, {bars})")


def _yang_zhang(n: int) -> str:
    k = f"{0.34 / (1.34 + (n + 1) / (n - 1)):.6f}"
    return _log_root(
        f"stdev(overnight_returns, {n}) ^ 2 + {k} * stdev(intraday_returns, {n}) ^ 2"
        f" + (1 - {k}) * mean(rogers_satchell, {n})"
    )


_MARKET = "market_mean(log_returns)"
_DAILY = _log_root("parkinson")

VOLATILITY: tuple[Row, ...] = (
    *(
        (
            f"realised_{n}",
            _mean("log_returns ^ 2", n),
            n + 1,
            f"Log realised volatility of closes, {n} bars",
        )
        for n in (5, 10, 21, 63, 126, 252)
    ),
    ("parkinson_1", _DAILY, 1, "Log Parkinson (1980) volatility of the last bar"),
    *(
        (
            f"parkinson_{n}",
            _mean("parkinson", n),
            n,
            f"Log Parkinson (1980) volatility, {n} bars",
        )
        for n in (3, 5, 10, 21, 63, 126, 252)
    ),
    *(
        (
            f"garman_klass_{n}",
            _mean("garman_klass", n),
            n,
            f"Log Garman-Klass (1980) volatility, {n} bars",
        )
        for n in (5, 10, 21, 63, 126, 252)
    ),
    *(
        (
            f"rogers_satchell_{n}",
            _mean("rogers_satchell", n),
            n,
            f"Log Rogers-Satchell (1991) volatility, {n} bars",
        )
        for n in (5, 21, 63, 252)
    ),
    *(
        (
            f"yang_zhang_{n}",
            _yang_zhang(n),
            n + 1,
            f"Log Yang-Zhang (2000) volatility, {n} bars",
        )
        for n in (5, 21, 63, 252)
    ),
    *(
        (
            f"log_range_mean_{n}",
            f"mean({_DAILY}, {n})",
            n,
            f"Mean of daily log Parkinson volatility, {n} bars: the HAR terms (Corsi, 2009)",
        )
        for n in (5, 22, 63, 126, 252)
    ),
    *(
        (
            f"abs_return_{n}",
            _log_of(f"mean(abs(log_returns), {n})"),
            n + 1,
            f"Log mean absolute return, {n} bars",
        )
        for n in (22, 63, 252)
    ),
    *(
        (
            f"ewma_realised_{h}",
            _log_root(f"ewma(log_returns ^ 2, {h}, {6 * h})"),
            6 * h + 1,
            f"Log realised volatility, half-life {h} bars (RiskMetrics)",
        )
        for h in (3, 11, 32)
    ),
    *(
        (
            f"ewma_parkinson_{h}",
            _log_root(f"ewma(parkinson, {h}, {6 * h})"),
            6 * h,
            f"Log Parkinson volatility, half-life {h} bars",
        )
        for h in (3, 11, 32)
    ),
    *(
        (
            f"overnight_{n}",
            _log_of(f"stdev(overnight_returns, {n})"),
            n + 1,
            f"Log volatility of overnight returns, {n} bars",
        )
        for n in (21, 126)
    ),
    *(
        (
            f"intraday_{n}",
            _log_of(f"stdev(intraday_returns, {n})"),
            n,
            f"Log volatility of intraday returns, {n} bars",
        )
        for n in (21, 126)
    ),
    *(
        (
            f"overnight_share_{n}",
            f"log(stdev(overnight_returns, {n}) / stdev(intraday_returns, {n}))",
            n + 1,
            f"Overnight against intraday volatility, {n} bars",
        )
        for n in (21, 126)
    ),
    *(
        (
            f"downside_{n}",
            _mean("least(log_returns, 0) ^ 2", n),
            n + 1,
            f"Log semi-volatility of falls, {n} bars",
        )
        for n in (21, 63)
    ),
    (
        "downside_share_63",
        "sum(least(log_returns, 0) ^ 2, 63) / sum(log_returns ^ 2, 63)",
        64,
        "Share of variance that falls made, a quarter",
    ),
    *(
        (
            f"vol_of_vol_{n}",
            f"stdev({_DAILY}, {n})",
            n,
            f"Deviation of daily log volatility, {n} bars",
        )
        for n in (21, 63)
    ),
    *(
        (
            f"max_move_{n}",
            _log_of(f"max(abs(log_returns), {n})"),
            n + 1,
            f"Log of the largest absolute return, {n} bars",
        )
        for n in (21, 63, 252)
    ),
    (
        "median_range_21",
        _log_root("median(parkinson, 21)"),
        21,
        "Log of the median daily range volatility, a month: what jumps leave alone",
    ),
    *(
        (
            f"vol_ratio_{short}_{long}",
            f"log(mean(parkinson, {short}) / mean(parkinson, {long})) / 2",
            long,
            f"Log volatility of {short} bars against {long}",
        )
        for short, long in ((5, 21), (5, 63), (21, 63), (21, 126), (63, 252))
    ),
    (
        "range_to_close_ratio_21",
        "log(mean(parkinson, 21) / mean(log_returns ^ 2, 21)) / 2",
        22,
        "Range against close-to-close volatility, a month",
    ),
    ("kurtosis_63", "kurtosis(log_returns, 63)", 64, "Excess kurtosis of returns, a quarter"),
    ("true_range_14", "log(ewma(true_range, 9.36, 63) / close)", 64, "Average true range, 14 bars"),
    (
        "market_volatility_21",
        _log_of(f"stdev({_MARKET}, 21)"),
        22,
        "Log volatility of the equal-weight market, a month",
    ),
    (
        "market_range_5",
        f"market_mean(mean({_DAILY}, 5))",
        5,
        "Mean log volatility of all symbols, a week",
    ),
    *(
        (f"beta_{n}", f"slope(log_returns, {_MARKET}, {n})", n + 1, f"Market beta, {n} bars")
        for n in (63, 252)
    ),
    *(
        (
            f"idiosyncratic_{n}",
            _log_of(f"residual_stdev(log_returns, {_MARKET}, {n})"),
            n + 1,
            f"Log volatility that the market does not explain, {n} bars",
        )
        for n in (63, 252)
    ),
    (
        "market_correlation_126",
        f"correlation(log_returns, {_MARKET}, 126)",
        127,
        "Correlation with the market, half a year",
    ),
)

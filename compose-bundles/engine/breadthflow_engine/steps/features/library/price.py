"""Price: momentum, reversal, trend, where the close stands."""

from breadthflow_engine.steps.features.library.rows import Row

PRICE: tuple[Row, ...] = (
    ("return_1", "log_returns", 2, "Log return of the last bar"),
    *(
        (f"return_{n}", f"log(close / delay(close, {n}))", n + 1, f"Log return of {n} bars")
        for n in (5, 10, 21, 63, 126, 252)
    ),
    (
        "momentum_12_1",
        "log(delay(close, 21) / delay(close, 252))",
        253,
        "Log return of a year without its last month",
    ),
    ("overnight_return", "overnight_returns", 2, "Log return from the close to the next open"),
    ("intraday_return", "intraday_returns", 1, "Log return from open to close"),
    *(
        (
            f"close_to_mean_{n}",
            f"log(close / mean(close, {n}))",
            n,
            f"Close against its mean over {n} bars",
        )
        for n in (10, 21, 63, 200)
    ),
    (
        "close_to_high_252",
        "log(close / max(high, 252))",
        252,
        "Close against the highest high of a year",
    ),
    (
        "close_to_low_252",
        "log(close / min(low, 252))",
        252,
        "Close against the lowest low of a year",
    ),
    (
        "channel_position_21",
        "(close - min(low, 21)) / (max(high, 21) - min(low, 21))",
        21,
        "Where the close stands in the range of 21 bars, 0 to 1",
    ),
    ("close_in_range", "(close - low) / (high - low)", 1, "Where the close stands in its bar"),
    (
        "relative_strength_14",
        "ewma(greatest(delta(close, 1), 0), 9.36, 63) / ewma(abs(delta(close, 1)), 9.36, 63)",
        64,
        "Relative strength index of 14 bars (Wilder), 0 to 1",
    ),
    (
        "return_skew_63",
        "skew(log_returns, 63)",
        64,
        "Skewness of daily returns over a quarter",
    ),
    ("log_price", "log(close)", 1, "Log of the close"),
)

"""Cross-section: where a symbol stands among all symbols of the day, 0 to 1."""

from breadthflow_engine.steps.features.library.rows import Row

CROSS_SECTION: tuple[Row, ...] = (
    *(
        (
            f"rank_return_{n}",
            f"rank(close / delay(close, {n}))",
            n + 1,
            f"Rank of the return of {n} bars",
        )
        for n in (5, 21, 126)
    ),
    (
        "rank_momentum_12_1",
        "rank(delay(close, 21) / delay(close, 252))",
        253,
        "Rank of the return of a year without its last month",
    ),
    *(
        (
            f"rank_parkinson_{n}",
            f"rank(mean(parkinson, {n}))",
            n,
            f"Rank of Parkinson volatility, {n} bars",
        )
        for n in (5, 63)
    ),
    ("rank_volume_surge_21", "rank(volume / mean(volume, 21))", 21, "Rank of the volume surge"),
    ("rank_dollar_volume_63", "rank(mean(dollar_volume, 63))", 63, "Rank of dollars traded"),
    (
        "rank_illiquidity_63",
        "rank(mean(abs(log_returns) / dollar_volume, 63))",
        64,
        "Rank of Amihud's illiquidity",
    ),
)

"""Volume: how much is traded, how unusual it is, what it costs to move the price."""

from breadthflow_engine.steps.features.library.rows import Row

_ILLIQUIDITY = "abs(log_returns) / dollar_volume"

VOLUME: tuple[Row, ...] = (
    (
        "log_dollar_volume_21",
        "log(mean(dollar_volume, 21))",
        21,
        "Log mean dollars traded",
    ),
    *(
        (
            f"volume_surge_{n}",
            f"log(volume / mean(volume, {n}))",
            n,
            f"Last volume against its mean over {n} bars",
        )
        for n in (5, 21)
    ),
    *(
        (
            f"volume_ratio_{short}_{long}",
            f"log(mean(volume, {short}) / mean(volume, {long}))",
            long,
            f"Mean volume of {short} bars against {long}",
        )
        for short, long in ((5, 21), (5, 63), (21, 126), (63, 252))
    ),
    ("volume_zscore_63", "zscore(log(volume), 63)", 63, "Log volume in its deviations, a quarter"),
    *(
        (
            f"volume_variation_{n}",
            f"stdev(volume, {n}) / mean(volume, {n})",
            n,
            f"Coefficient of variation of volume, {n} bars",
        )
        for n in (21, 63)
    ),
    *(
        (
            f"illiquidity_{n}",
            f"log(mean({_ILLIQUIDITY}, {n}))",
            n + 1,
            f"Log of Amihud's (2002) illiquidity, {n} bars",
        )
        for n in (21, 252)
    ),
    (
        "illiquidity_change",
        f"log(mean({_ILLIQUIDITY}, 21) / mean({_ILLIQUIDITY}, 252))",
        253,
        "Illiquidity of a month against a year",
    ),
    (
        "return_volume_correlation_63",
        "correlation(log_returns, log(volume), 63)",
        64,
        "Do prices rise on volume",
    ),
    (
        "move_volume_correlation_63",
        "correlation(abs(log_returns), log(volume), 63)",
        64,
        "Do moves come with volume",
    ),
    (
        "signed_volume_21",
        "sum(sign(log_returns) * volume, 21) / sum(volume, 21)",
        22,
        "Volume of rising less that of falling bars, share",
    ),
)

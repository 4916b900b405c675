"""Sector: a symbol against its sector, and its sector against the market."""

from breadthflow_engine.steps.features.library.rows import Row

_DAILY = "log(greatest(parkinson, 1e-8)) / 2"

SECTOR: tuple[Row, ...] = (
    *(
        (
            f"sector_range_{n}",
            f"sector_mean(mean({_DAILY}, {n}))",
            n,
            f"Mean log volatility of the sector, {n} bars",
        )
        for n in (1, 5, 22, 63)
    ),
    *(
        (
            f"range_to_sector_{n}",
            f"sector_demean(mean({_DAILY}, {n}))",
            n,
            f"Log volatility less its sector's mean, {n} bars",
        )
        for n in (22, 252)
    ),
    *(
        (
            f"sector_return_{n}",
            f"sector_mean(log(close / delay(close, {n})))",
            n + 1,
            f"Mean return of the sector, {n} bars",
        )
        for n in (1, 5, 21, 126)
    ),
    *(
        (
            f"return_to_sector_{n}",
            f"sector_demean(log(close / delay(close, {n})))",
            n + 1,
            f"Return less its sector's mean, {n} bars",
        )
        for n in (5, 21)
    ),
)

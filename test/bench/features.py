"""How long features take on the demo's bars: `python test/bench/features.py [--runs N]`.

Prints one JSON document: the 60 features that an idea is promised in under 2 s, and the whole
library. Seconds are medians of warm runs, reading and checking left out, threads as Polars finds
them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import polars as pl

from breadthflow_engine.language import FeatureSpec, compile_features
from breadthflow_engine.steps.features.library import LIBRARY

DEMO = Path(__file__).resolve().parents[2] / "resources" / "demo"
FEATURES = 60


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="warm runs of each set")
    runs = parser.parse_args().runs
    bars = pl.read_parquet(DEMO / "sp500_daily_2013_2018.parquet").sort("symbol", "date")
    sectors = pl.read_csv(DEMO / "sectors.csv")
    every = [spec for specs in LIBRARY.values() for spec in specs]
    some = spread(every, FEATURES)
    document = {
        "bars": bars.height,
        "threads": pl.thread_pool_size(),
        "features": len(some),
        "seconds_warm": measure(bars, some, sectors, runs),
        "library_features": len(every),
        "library_seconds_warm": measure(bars, every, sectors, runs),
    }
    sys.stdout.write(json.dumps(document) + "\n")
    return 0


def spread(specs: list[FeatureSpec], count: int) -> list[FeatureSpec]:
    """So many of the features, evenly over all families."""
    return [specs[i * len(specs) // count] for i in range(count)]


def measure(
    bars: pl.DataFrame, specs: list[FeatureSpec], sectors: pl.DataFrame, runs: int
) -> float:
    seconds = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        compile_features(bars.lazy(), specs, sectors).collect(engine="in-memory")
        seconds.append(time.perf_counter() - started)
    return round(statistics.median(seconds[1:]), 3)


if __name__ == "__main__":
    sys.exit(main())

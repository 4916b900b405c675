"""Ingest and check of a 10-million-row CSV, against a bare Polars copy of it in the same run: once
sorted by symbol with one row a key, once by date with one row in a hundred sent again, corrected.

    python test/bench/ingest.py [--rows 10000000] [--rounds 3] [--keep FOLDER]

Prints one JSON document: rows per second of ours (import, duplicates settled, Delta table, every
check) and of the peer (`scan_csv -> sink_parquet`), medians over the rounds, the peak resident
memory of ours in MB, and the ratio. Each measurement is a process of its own, after its imports.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

DAYS = 2500


def say(result: dict[str, float]) -> None:
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


def write_csv(path: Path, rows: int, seed: int = 7) -> None:
    """A clean panel as a vendor would ship it: about 69 bytes a row, sorted by symbol and date."""
    import numpy as np
    import polars as pl
    from exchange_calendars import get_calendar

    calendar = get_calendar("XNYS", start="2008-01-02", end="2017-12-29")
    days = pl.Series("date", list(calendar.sessions.date)[:DAYS])
    chance = np.random.default_rng(seed)
    with path.open("wb") as file:
        file.write(b"symbol,date,open,high,low,close,volume\n")
        for first in range(0, rows // DAYS, 200):
            symbols = min(200, rows // DAYS - first)
            shape = (symbols, DAYS)
            close = 40 * np.exp(np.cumsum(chance.standard_t(5, shape) * 0.009, axis=1))
            close = np.maximum(close, 2.0)
            opened = close * np.exp(chance.normal(0, 0.003, shape))
            high = np.maximum(opened, close) * np.exp(np.abs(chance.normal(0, 0.004, shape)))
            low = np.minimum(opened, close) * np.exp(-np.abs(chance.normal(0, 0.004, shape)))
            prices = (opened, high, low, close)
            pl.DataFrame(
                {
                    "symbol": np.repeat([f"SYM{first + n:05d}" for n in range(symbols)], DAYS),
                    "date": pl.concat([days] * symbols),
                    **{
                        name: values.ravel().round(6)
                        for name, values in zip(
                            ("open", "high", "low", "close"), prices, strict=True
                        )
                    },
                    "volume": chance.lognormal(14, 0.6, shape).astype("int64").ravel(),
                }
            ).write_csv(file, include_header=False)


def write_by_date(source: Path, path: Path, seed: int = 7) -> None:
    """The same bars in the order in which exchanges send them, with corrections at the end."""
    import polars as pl

    bars = pl.read_csv(source)
    again = bars.sample(fraction=0.01, seed=seed).with_columns(pl.col("volume") + 100)
    pl.concat([bars.sort("date", "symbol"), again.sort("date", "symbol")]).write_csv(path)


def peer(source: Path, folder: Path) -> None:
    import polars as pl

    started = time.perf_counter()
    pl.scan_csv(source).sink_parquet(folder / "copy.parquet")
    say({"seconds": time.perf_counter() - started})


def ours(source: Path, folder: Path) -> None:
    from breadthflow_engine.protocol.messages import MadeBy, Manifest, Resources
    from breadthflow_engine.protocol.step import Artifact, Emitter, StepContext
    from breadthflow_engine.steps.check import STEP as CHECK
    from breadthflow_engine.steps.ingest import STEP as INGEST

    def run(step, params, inputs):
        output = folder / step.name
        output.mkdir()
        context = StepContext(
            inputs=inputs,
            sources={"source": [source]},
            places={"table": str(folder / "table")},
            output=output,
            emit=Emitter(lambda _: None),
            resources=Resources(),
        )
        outcome = step.run(step.params(**params), context)
        made_by = MadeBy(
            step=step.name, version="", key="", params={}, inputs={}, lock="", engine=""
        )
        manifest = Manifest(
            kind=outcome.kind, files=[], made_by=made_by, summary=outcome.summary, seconds=0
        )
        return Artifact(output, manifest)

    with _peak_memory() as peak:
        started = time.perf_counter()
        bars = run(INGEST, {"name": "bench"}, {})
        imported = time.perf_counter()
        check = run(CHECK, {}, {"bars": bars})
        done = time.perf_counter()
    say(
        {
            "seconds": done - started,
            "ingest_seconds": imported - started,
            "check_seconds": done - imported,
            "peak_rss_mb": peak.mb,
            "rows": bars.summary["rows"],
            "findings": check.summary["findings"],
        }
    )


class _peak_memory:  # noqa: N801 - reads as the phrase that it is
    """Peak resident memory while it is open, sampled: the same on every system."""

    def __enter__(self) -> _peak_memory:
        import psutil

        self.mb, self._over, process = 0.0, threading.Event(), psutil.Process()

        def watch() -> None:
            while not self._over.wait(0.01):
                self.mb = max(self.mb, process.memory_info().rss / 1e6)

        self._thread = threading.Thread(target=watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def measure(what: str, source: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        command = [sys.executable, __file__, "--only", what, str(source), folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="folder to keep the CSV in, for another run")
    parser.add_argument("--only", nargs=3, metavar=("WHAT", "SOURCE", "FOLDER"))
    options = parser.parse_args()
    if options.only:
        what, source, folder = options.only
        {"peer": peer, "ours": ours}[what](Path(source), Path(folder))
        return
    with tempfile.TemporaryDirectory() as temporary:
        place = options.keep or Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        by_symbol = place / f"bars-{options.rows}.csv"
        by_date = place / f"bars-{options.rows}-by-date.csv"
        if not by_symbol.exists():
            write_csv(by_symbol, options.rows)
        if not by_date.exists():
            run_alone(write_by_date, by_symbol, by_date)
        say(
            compare(by_symbol, options.rounds)
            | {f"by_date_{name}": value for name, value in compare(by_date, options.rounds).items()}
        )


def run_alone(work: Callable[..., None], *arguments: Path) -> None:
    """In a process of its own, whose memory is given back before anything is measured."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join()
    if process.exitcode != 0:
        raise SystemExit(f"{work.__name__} ended with code {process.exitcode}")


def compare(source: Path, count: int) -> dict[str, float]:
    """Both measured `count` times, in turns, so that what else the machine does falls on both."""
    rounds = [(measure("peer", source), measure("ours", source)) for _ in range(count)]
    rows = rounds[0][1]["rows"]

    def median(values: list[float]) -> float:
        return round(statistics.median(values), 3)

    return {
        "rows": rows,
        "csv_mb": round(source.stat().st_size / 1e6),
        "ours_rows_per_s": round(rows / median([o["seconds"] for _, o in rounds])),
        "peer_rows_per_s": round(rows / median([p["seconds"] for p, _ in rounds])),
        "ratio": median([p["seconds"] / o["seconds"] for p, o in rounds]),
        "ingest_seconds": median([o["ingest_seconds"] for _, o in rounds]),
        "check_seconds": median([o["check_seconds"] for _, o in rounds]),
        "peak_rss_mb": round(max(o["peak_rss_mb"] for _, o in rounds)),
        "findings": rounds[0][1]["findings"],
        "rounds": count,
    }


if __name__ == "__main__":
    main()

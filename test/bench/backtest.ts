/**
 * 100 pairs of a moving-average cross on every symbol of the demo, with fees, slippage, equity,
 * drawdown and Sharpe ratio: ours beside a bare numba loop (test/bench/backtest.py), and vectorbt
 * and backtesting.py on the same prices (test/bench/backtest_peers.py, an environment of its own).
 *
 * Prints one JSON document: seconds, ratios. Exits with 1 if a number misses its target.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { conclude, measureInPython } from "./support/python-program.ts";

const TARGETS = {
  times_faster_than_vectorbt: 30,
  times_faster_than_backtesting_per_bar: 1000,
  of_bare_loop: 2,
  memory_of_price_matrix: 3,
  final_equity_difference: 1e-6,
};

type Ours = {
  bars: number;
  bare_seconds: number;
  ours_seconds: number;
  ours_2_threads_seconds: number;
  memory_of_price_matrix: number;
  final_equity_mean: number;
};
type Peers = {
  vectorbt_seconds: number;
  vectorbt_final_equity_mean: number;
  backtesting_seconds_per_bar: number;
};

const folder = mkdtempSync(join(tmpdir(), "breadthflow-bench-"));
try {
  const prices = join(folder, "prices.npz");
  const ours = measureInPython<Ours>("backtest.py", [prices]);
  const peers = measureInPython<Peers>("backtest_peers.py", [prices], "peers");
  const result = {
    ...ours,
    ...peers,
    of_bare_loop: ours.ours_seconds / ours.bare_seconds,
    times_faster_than_vectorbt: peers.vectorbt_seconds / ours.ours_seconds,
    times_faster_than_backtesting_per_bar:
      peers.backtesting_seconds_per_bar / (ours.ours_seconds / ours.bars),
    final_equity_difference: Math.abs(ours.final_equity_mean - peers.vectorbt_final_equity_mean),
  };
  const passed =
    result.times_faster_than_vectorbt >= TARGETS.times_faster_than_vectorbt &&
    result.times_faster_than_backtesting_per_bar >= TARGETS.times_faster_than_backtesting_per_bar &&
    result.of_bare_loop <= TARGETS.of_bare_loop &&
    result.memory_of_price_matrix <= TARGETS.memory_of_price_matrix &&
    result.final_equity_difference <= TARGETS.final_equity_difference;
  conclude("backtest", result, TARGETS, passed);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

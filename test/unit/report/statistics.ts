import { Paths, Statistics } from "../../../contract/statistics.ts";

/** What the judge says of a small idea. */
export function statistics(): Statistics {
  return Statistics.parse({
    headline: {
      annual_return: { value: 0.08, lower: -0.04, upper: 0.23, reason: null },
      sharpe: { value: 0.75, lower: -0.25, upper: 1.89, reason: null },
      icir: { value: 4.1, lower: 3.2, upper: 5.4, reason: null },
      calmar: { value: null, lower: null, upper: null, reason: "there is no drawdown" },
    },
    permutation: {
      value: 0.54,
      p_value: 0.002,
      replicates: 500,
      edges: [-0.02, 0, 0.02],
      counts: [240, 260],
      width: 2.5,
      adjusted_p_value: 0.004,
      reason: null,
    },
    overfitting: {
      probability: 0.25,
      loss: 0.1,
      trials: 12,
      combinations: 12_870,
      edges: [-1, 0, 1, 2],
      counts: [25, 45, 30],
      in_sample: [0.05, 0.06],
      out_of_sample: [0.04, -0.01],
      reason: null,
    },
    snooping: {
      reality_check: 0.012,
      spa: 0.008,
      spa_lower: 0.004,
      spa_upper: 0.0119,
      trials: 12,
      effective: 4,
      reason: null,
    },
    trials: {
      here: 24,
      effective: 3,
      complete: 12,
      sharpe: 0.75,
      threshold: 0.95,
      minimum_track_record: 1244.8,
      observations: 756,
      count: [1, 24, 1000],
      bar: [0, 1.1, 1.9],
      deflated: [0.9, 0.3, 0.05],
      reason: null,
    },
    ic_decay: {
      horizon: [1, 5, 63],
      ic: [0.27, 0.54, null],
      lower: [0.25, 0.5, null],
      upper: [0.3, 0.57, null],
      adjusted_p_value: [0.0002, 0.0004, null],
      target: 5,
      adjusted_ic: null,
      cost_ic: null,
      reason: "a volatility is not a return that a trade could earn",
    },
  });
}

/** Three histories, put together of four parts. */
export function paths(): Paths {
  const path = (number: number, rank_ic: number, by_month: (number | null)[]) => ({
    path: number,
    rank_ic,
    baseline_rank_ic: 0.49,
    by_month,
  });
  return Paths.parse({
    groups: [0, 1, 2, 3].map((group) => ({
      group,
      start: `201${3 + group}-01-02`,
      end: `201${3 + group}-12-29`,
    })),
    test_groups: 2,
    splits: 6,
    baseline: "har",
    month: ["2013-01-01", "2013-02-01"],
    paths: [path(0, 0.52, [0.5, 0.54]), path(1, 0.5, [0.6, null]), path(2, 0.48, [0.1, 0.48])],
    summary: { count: 3, above_baseline: 2 / 3 },
  });
}

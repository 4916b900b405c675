import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Deterministic uniform numbers in (0, 1) (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
}

type Panel = {
  symbols?: number;
  days?: number;
  seed?: number;
  /** The file's, and by it the data set's. */
  name?: string;
  /** Its first day: by their extent, bars are known again under another name. */
  first?: string;
};

/**
 * A small market as CSV: `symbols` shares over `days` weekdays, each with a volatility of its own
 * that clusters in time, so that a volatility idea has something to find.
 */
export async function writePanel(
  folder: string,
  { symbols = 24, days = 420, seed = 1, name, first = "2015-01-05" }: Panel = {},
): Promise<string> {
  const random = uniform(seed);
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const lines = ["date,symbol,open,high,low,close,volume"];
  for (let index = 0; index < symbols; index++) {
    const symbol = `S${String(index).padStart(3, "0")}`;
    const base = Math.log(0.006 + 0.02 * random());
    let level = base;
    let close = 20 + 100 * random();
    for (const date of weekdays(first, days)) {
      level = base + 0.94 * (level - base) + 0.16 * normal();
      const sigma = Math.exp(level);
      const open = close * Math.exp(0.3 * sigma * normal());
      close = open * Math.exp(sigma * normal());
      const high = Math.max(open, close) * Math.exp(0.5 * sigma * Math.abs(normal()));
      const low = Math.min(open, close) * Math.exp(-0.5 * sigma * Math.abs(normal()));
      const volume = Math.round(1e6 * Math.exp(0.3 * normal()));
      const prices = [open, high, low, close].map((price) => price.toFixed(4)).join(",");
      lines.push(`${date},${symbol},${prices},${volume}`);
    }
  }
  const file = join(folder, `${name ?? `panel-${symbols}x${days}`}.csv`);
  await writeFile(file, `${lines.join("\n")}\n`);
  return file;
}

function* weekdays(first: string, count: number): Generator<string> {
  const day = new Date(`${first}T00:00:00Z`);
  for (let made = 0; made < count; day.setUTCDate(day.getUTCDate() + 1)) {
    if (day.getUTCDay() === 0 || day.getUTCDay() === 6) continue;
    made += 1;
    yield day.toISOString().slice(0, 10);
  }
}

/** The volatility idea, cut down to what a small panel and a test's patience can bear. */
export const SMALL_IDEA = `breadthflow: 1
id: small
name: Small volatility idea
universe: { data: panel }
target: { kind: log_realised_volatility, horizon: 5 }
features: { families: [price, volatility, volume] }
selection: { max_features: 12 }
automl: { engines: [lightgbm, elastic_net], trials: 4, budget_seconds: 30, ensemble: 2, seed: 3 }
validation: { folds: 3, first_train_fraction: 0.5, embargo: 5 }
backtest: { strategy: inverse_volatility }
`;

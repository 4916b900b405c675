import { writeFile } from "node:fs/promises";

/** Names that have broken other programs: markup, right to left, emoji. */
export const HOSTILE_SYMBOL = `<img src=x onerror="document.title='owned'">`;
export const SYMBOLS = ["AAA", "BBB", HOSTILE_SYMBOL, "🚀مرحبا"] as const;

type Bar = { symbol: string; date: string; close: number };

/** Bars of 2018 for each symbol; one of AAA has a high that is not the highest. */
export function bars(days: number): Bar[] {
  return SYMBOLS.flatMap((symbol, which) =>
    weekdays(days).map((date, day) => ({ symbol, date, close: 20 + 10 * which + (day % 7) / 10 })),
  );
}

/** @param header the columns' names, in the order symbol, date, open, high, low, close, volume */
export async function writeBars(
  file: string,
  header: string,
  all: readonly Bar[],
): Promise<string> {
  const lines = all.map(({ symbol, date, close }) => {
    const high = symbol === "AAA" && date === "2018-01-10" ? close - 0.05 : close + 0.2;
    const prices = [close - 0.1, high, close - 0.3, close].map((price) => price.toFixed(2));
    return [`"${symbol.replaceAll('"', '""')}"`, date, ...prices, 1000].join(",");
  });
  await writeFile(file, `${[header, ...lines].join("\n")}\n`);
  return file;
}

function weekdays(count: number): string[] {
  const found: string[] = [];
  for (const day = new Date("2018-01-02T00:00:00Z"); found.length < count; ) {
    if (day.getUTCDay() % 6 !== 0) found.push(day.toISOString().slice(0, 10));
    day.setUTCDate(day.getUTCDate() + 1);
  }
  return found;
}

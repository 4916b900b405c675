/** A bar of a version of a data set, as addresses name it; the day is ISO. */
export type BarRef = { version: string; symbol: string; date: string };

/** Symbols may hold any character, so each part is encoded before they are put together. */
export function barAddress(data: string, bar: BarRef): string {
  const text = [bar.version, bar.symbol, bar.date].map(encodeURIComponent).join(",");
  return `/data/${encodeURIComponent(data)}/bar/${encodeURIComponent(text)}`;
}

export function barIn(text: string): BarRef | null {
  try {
    const [version, symbol, date] = text.split(",").map(decodeURIComponent);
    return version && symbol && date && /^\d{4}-\d{2}-\d{2}$/.test(date)
      ? { version, symbol, date }
      : null;
  } catch {
    return null;
  }
}

const UNITS: Readonly<Record<string, number>> = { "": 0, k: 1, m: 2, g: 3, t: 4, p: 5 };

/** `1.5g`, `512MiB`, `64 kb`: bytes, in steps of 1024; undefined if it is not a size. */
export function bytesOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)*) ?([kmgtp]?)i?b?$/i.exec(text.trim());
  const number = Number(match?.[1]);
  const power = UNITS[match?.[2]?.toLowerCase() ?? "?"];
  return match && power !== undefined && !Number.isNaN(number)
    ? Math.trunc(number * 1024 ** power)
    : undefined;
}

/** Names that are not made of their letters. */
const NAMES: Partial<Record<string, string>> = {
  lightgbm: "LightGBM",
  long_short: "Long and short",
};

/** A word of an idea's document as people read it: `log_realised_volatility` → "Log realised volatility". */
export function inWords(word: string): string {
  const known = NAMES[word];
  if (known) return known;
  const spaced = word.replaceAll("_", " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

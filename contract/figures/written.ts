/** Numbers inside the words around a figure; one that is missing is a dash, never a zero. */
const DASH = "–";

export function share(value: number | null, digits = 0): string {
  return value === null ? DASH : `${signed((value * 100).toFixed(digits))} %`;
}

export function decimal(value: number | null, digits = 2): string {
  return value === null ? DASH : signed(value.toFixed(digits));
}

/** A probability that simulations gave: never less than they can tell. */
export function pValue(value: number | null): string {
  if (value === null) return DASH;
  return value < 0.001 ? "< 0.001" : value.toFixed(3);
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** A minus sign is as wide as a digit. */
function signed(text: string): string {
  return text.replace("-", "−");
}

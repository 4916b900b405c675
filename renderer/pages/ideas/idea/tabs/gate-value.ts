/** A gate's number: whole ones as such, the rest with as many digits as tell something. */
export function gateValue(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const text = Number.isInteger(value)
    ? value.toLocaleString("en-GB")
    : value.toFixed(Math.abs(value) >= 10 ? 1 : 3);
  return text.replace("-", "−");
}

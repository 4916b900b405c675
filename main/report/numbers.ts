/** Numbers as a report writes them: a missing one is a dash, never a zero. */
const DASH = "–";

export function decimal(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined ? DASH : signed(value.toFixed(digits));
}

export function percent(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined
    ? DASH
    : `${signed((value * 100).toFixed(digits))} %`;
}

/** A gate's value: whole numbers as such, the rest with as many digits as tell something. */
export function gateNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return DASH;
  if (Number.isInteger(value)) return signed(count(value));
  return signed(Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(3));
}

export function count(value: number): string {
  return value.toLocaleString("en-GB");
}

/** "-0.000" says nothing that "0.000" does not; a minus sign is as wide as a digit. */
function signed(text: string): string {
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text.replace("-", "−");
}

/** The 95 % interval of a number, "0.51 to 0.57"; empty where there is none. */
export function between(
  interval: { lower: number | null; upper: number | null } | null | undefined,
  show: (value: number) => string,
): string {
  if (interval?.lower == null || interval.upper === null) return "";
  return `${show(interval.lower)} to ${show(interval.upper)}`;
}

export function period(from: string | null, to: string | null): string {
  if (!from) return DASH;
  return !to || to === from ? from : `${from} to ${to}`;
}

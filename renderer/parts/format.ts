/** Numbers and times as the screens show them. Absent values are a dash, never a zero. */
const DASH = "–";

export function count(value: number | null | undefined): string {
  return value == null ? DASH : value.toLocaleString("en");
}

export function fixed(value: number | null | undefined, digits = 3): string {
  return value == null || !Number.isFinite(value) ? DASH : value.toFixed(digits);
}

/** A fraction as per cent: .123 → "12.3 %". */
export function percent(value: number | null | undefined, digits = 1): string {
  return value == null || !Number.isFinite(value) ? DASH : `${(value * 100).toFixed(digits)} %`;
}

/** Seconds, as short as is useful: "0.42 s", "41 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number | null | undefined): string {
  if (seconds == null || !Number.isFinite(seconds)) return DASH;
  if (seconds < 9.95) return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function bytes(value: number | null | undefined): string {
  if (value == null) return DASH;
  const units = ["B", "kB", "MB", "GB", "TB"];
  let left = value;
  let unit = 0;
  for (; left >= 999.5 && unit < units.length - 1; unit++) left /= 1000;
  return `${left.toFixed(unit > 0 && left < 9.95 ? 1 : 0)} ${units[unit]}`;
}

const MOMENT = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const;
/** Made once: making one costs as much as drawing a line of a table. */
const THIS_YEAR = new Intl.DateTimeFormat("en-GB", MOMENT);
const OTHER_YEAR = new Intl.DateTimeFormat("en-GB", { ...MOMENT, year: "numeric" });

/** An ISO time in the reader's zone: "24 Nov 10:42", with the year when it is another one. */
export function time(iso: string | null | undefined, now = new Date()): string {
  if (!iso) return DASH;
  const at = new Date(iso);
  return (at.getFullYear() === now.getFullYear() ? THIS_YEAR : OTHER_YEAR).format(at);
}

/** A number with its noun: 1 day, 2 days. */
export function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

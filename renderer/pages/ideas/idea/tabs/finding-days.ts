import type { DayFindings } from "../../../../../contract/data.ts";
import type { RunFinding } from "../../../../../contract/run.ts";

const DAY_MS = 86_400_000;

/** How many findings touch each day; one on several days touches the weekdays among them. */
export function findingDays(findings: readonly RunFinding[]): DayFindings[] {
  const days = new Map<string, DayFindings>();
  for (const { symbol, from, to, severity } of findings) {
    // What is about the data set as a whole is on no day.
    if (symbol === null || from === null) continue;
    const last = Date.parse(to ?? from);
    for (let at = Date.parse(from); at <= last; at += DAY_MS) {
      const weekday = new Date(at).getUTCDay();
      if (last > Date.parse(from) && (weekday === 0 || weekday === 6)) continue;
      const date = new Date(at).toISOString().slice(0, 10);
      const day = days.get(date) ?? { date, error: 0, warning: 0, info: 0 };
      days.set(date, { ...day, [severity]: day[severity] + 1 });
    }
  }
  return [...days.values()].sort((a, b) => a.date.localeCompare(b.date));
}

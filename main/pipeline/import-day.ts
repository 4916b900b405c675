import type { DataVersion } from "../project-index/data-versions.ts";

/** Time zones go as far as UTC+14: there the day begins first. */
const EARLIEST_ZONE_MS = 14 * 3_600_000;

/**
 * The day on which a version was imported, where it has bars later than that; else null.
 *
 * A step has no clock, and what lies in the future must not change with the day of a test: so a
 * version answers for the day that it was made. Where no bar is later, that day decides nothing and
 * is told to nobody: the same bars have the same key, whenever they were imported.
 */
export function importDay({ created, last }: Pick<DataVersion, "created" | "last">): string | null {
  const day = new Date(Date.parse(created) + EARLIEST_ZONE_MS).toISOString().slice(0, 10);
  return last !== null && last > day ? day : null;
}

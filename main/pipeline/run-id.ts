import { randomInt } from "node:crypto";
import { RunId } from "../../contract/ids.ts";

/** Ids sort by time: eight characters of milliseconds, two of chance. */
export function newRunId(now: Date): RunId {
  const time = now.getTime().toString(36).padStart(8, "0");
  return RunId.parse(
    `r-${time}${randomInt(36 ** 2)
      .toString(36)
      .padStart(2, "0")}`,
  );
}

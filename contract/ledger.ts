import { IdeaId, RunId } from "./ids.ts";
import type { TrialEvent } from "./step.ts";

/** Whose trials are that no run of the workbench made: a notebook's, or a shell's. */
export const OUTSIDE = { idea: IdeaId.parse("outside"), run: RunId.parse("r-0000000000") };

/** A line of the ledger: a configuration that was fitted on a data set, whatever became of it. */
export type LedgerLine = {
  readonly data_set: string;
  readonly idea: string;
  readonly run: string;
  /** Content key of the train step that fitted it. */
  readonly artifact: string;
  readonly created: string;
  readonly trial: TrialEvent;
};

const HEAD = [
  "data_set",
  "idea",
  "run",
  "train_key",
  "trial",
  "engine",
  "state",
  "score",
  "seconds",
  "params",
  "error",
  "created",
];

/** The ledger as CSV (RFC 4180), in the order in which it was written. */
export function ledgerCsv(lines: readonly LedgerLine[]): string {
  const rows = lines.map(({ data_set, idea, run, artifact, created, trial }) => [
    data_set,
    idea,
    run,
    artifact,
    trial.number,
    trial.engine,
    trial.state,
    trial.score ?? null,
    trial.seconds,
    JSON.stringify(trial.params),
    trial.error ?? null,
    created,
  ]);
  return `${[HEAD, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** Text that a spreadsheet would run as a formula is kept from it by an apostrophe. */
function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ContentKey, DataSetName } from "../../contract/ids.ts";
import { OUTSIDE } from "../../contract/ledger.ts";
import { WorkbenchError } from "../../contract/problem.ts";
import { StepEvent, type TrialEvent } from "../../contract/step.ts";
import type { ProjectIndex } from "../project-index/project-index.ts";
import { sha256Of } from "./content-key.ts";

const Trial = StepEvent.refine((event) => event.kind === "trial");

/** A line that an engine leaves: `breadthflow_engine/ledger.py`. */
const Line = z.object({
  data_set: DataSetName,
  artifact: ContentKey,
  at: z.iso.datetime({ offset: true }),
  trial: Trial,
});

/**
 * Trials that no run of the workbench made: of a notebook that asks the engine's API, of a step that
 * a shell runs. An engine writes down every trial, those of runs too; the ledger knows one that it
 * has by artifact, number and parameters.
 */
export class OutsideTrials {
  readonly #index: Pick<ProjectIndex, "trials" | "ledgerFiles" | "durable">;
  readonly #folder: string;

  /** @param folder where engines write, `ledger` of the workspace */
  constructor(index: Pick<ProjectIndex, "trials" | "ledgerFiles" | "durable">, folder: string) {
    this.#index = index;
    this.#folder = folder;
  }

  /** Takes into the ledger what was written since the last time. Whoever counts calls this first. */
  takeIn(): void {
    for (const name of this.#files()) {
      const file = join(this.#folder, name);
      const size = statSync(file).size;
      const before = this.#index.ledgerFiles.read(name);
      // One that is shorter than it was is another file by the same name.
      const from = size < before ? 0 : before;
      const written = size > from ? wholeLines(file, from, size) : "";
      if (written === "") continue;
      this.#index.durable(() => {
        for (const line of written.split("\n")) this.#enter(line);
        this.#index.ledgerFiles.mark(name, from + Buffer.byteLength(written));
      });
    }
  }

  /**
   * Enters trials that were made where no engine could write them down.
   *
   * @param events JSON lines, as `run-step --events` writes them; what is no trial is passed over.
   * @returns how many trials they hold; the same file again adds none
   */
  add(dataSet: DataSetName, events: string, at: Date): number {
    const artifact = ContentKey.parse(sha256Of({ outside: dataSet, events }));
    const trials = events
      .split("\n")
      .filter((line) => line.trim() !== "")
      .flatMap((line, position) => trialIn(line, position + 1));
    this.#index.durable(() => {
      for (const trial of trials) this.#record(dataSet, artifact, trial, at);
    });
    return trials.length;
  }

  #files(): string[] {
    try {
      return readdirSync(this.#folder)
        .filter((name) => name.endsWith(".jsonl"))
        .sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }

  /** A line that cannot be understood was cut off by a full disk or a dead machine. */
  #enter(text: string): void {
    const line = Line.safeParse(jsonIn(text));
    if (!line.success) return;
    const { data_set, artifact, at, trial } = line.data;
    this.#record(data_set, artifact, trial as TrialEvent, new Date(at));
  }

  #record(data_set: DataSetName, artifact: ContentKey, trial: TrialEvent, at: Date): void {
    const maker = this.#index.ledgerFiles.makerOf(artifact) ?? OUTSIDE;
    const paramsHash = sha256Of({ engine: trial.engine, params: trial.params });
    this.#index.trials.record({ data_set, artifact, ...maker }, trial, paramsHash, at);
  }
}

function trialIn(line: string, number: number): TrialEvent[] {
  const event = StepEvent.safeParse(jsonIn(line));
  if (event.success) return event.data.kind === "trial" ? [event.data] : [];
  throw new WorkbenchError({
    code: "ledger.not_events",
    detail: `Line ${number} is not an event of a step: ${z.prettifyError(event.error)}`,
    hint: "Give the file that `run-step --events FILE` wrote: a JSON object a line.",
    where: { line: number },
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What stands between two places of a file, up to its last whole line. */
function wholeLines(file: string, from: number, to: number): string {
  const bytes = Buffer.alloc(to - from);
  const opened = openSync(file, "r");
  try {
    const read = readSync(opened, bytes, 0, bytes.length, from);
    return bytes.subarray(0, bytes.subarray(0, read).lastIndexOf("\n") + 1).toString("utf8");
  } finally {
    closeSync(opened);
  }
}

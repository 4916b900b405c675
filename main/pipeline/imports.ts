import { randomUUID } from "node:crypto";
import type { DataImport, Reading } from "../../contract/data.ts";
import type { DataSetName } from "../../contract/ids.ts";
import { problemOf, WorkbenchError } from "../../contract/problem.ts";
import type { StepEvent } from "../../contract/step.ts";
import { TypedEvent } from "../runtime/typed-event.ts";
import type { Pipeline } from "./pipeline.ts";

/** Ended imports that are still told of. */
const KEPT = 8;

export type ImportRequest = {
  name: DataSetName;
  paths: readonly string[];
  reading: Reading;
};

/**
 * Imports that the core does for its windows. They belong to the workspace, not to the window that
 * asked: another window sees them too, and a reload does not end them.
 */
export class Imports {
  /** Something is different in `list`. */
  readonly changed = new TypedEvent<void>();
  readonly #pipeline: Pick<Pipeline, "importData" | "checkData">;
  readonly #onEnd: (ended: DataImport) => void;
  readonly #now: () => Date;
  #imports: readonly DataImport[] = [];
  readonly #running = new Map<string, { stop: AbortController; ended: Promise<void> }>();

  /** @param onEnd told of each import that has ended, however it did. */
  constructor(options: {
    pipeline: Pick<Pipeline, "importData" | "checkData">;
    onEnd?: (ended: DataImport) => void;
    now?: () => Date;
  }) {
    this.#pipeline = options.pipeline;
    this.#onEnd = options.onEnd ?? (() => undefined);
    this.#now = options.now ?? (() => new Date());
  }

  /** The newest first. */
  list(): readonly DataImport[] {
    return this.#imports;
  }

  isBusy(): boolean {
    return this.#running.size > 0;
  }

  /** Brings sources into a data set and checks the version that they make. */
  start(request: ImportRequest): DataImport {
    const begun: DataImport = {
      id: randomUUID(),
      name: request.name,
      paths: [...request.paths],
      started: this.#now().toISOString(),
      state: "running",
      step: "ingest",
      fraction: 0,
      message: "Looking at the sources",
      eta_s: null,
      version: null,
      problem: null,
    };
    const ended = this.#imports.filter(({ state }) => state !== "running");
    const dropped = new Set(ended.slice(KEPT - 1));
    this.#imports = [begun, ...this.#imports.filter((one) => !dropped.has(one))];
    this.changed.emit();
    const stop = new AbortController();
    this.#running.set(begun.id, { stop, ended: this.#work(begun.id, request, stop.signal) });
    return begun;
  }

  /** Stops an import and waits until it has stopped; the data set is then as it was before. */
  async cancel(id: string): Promise<void> {
    const running = this.#running.get(id);
    if (!running) {
      throw new WorkbenchError({
        code: "import.not_running",
        detail: "This import has ended already.",
        hint: "Its data set is on the screen Data.",
        where: { import: id },
      });
    }
    running.stop.abort();
    await running.ended;
  }

  /** Takes an import that has ended off the list. */
  dismiss(id: string): void {
    this.#imports = this.#imports.filter((one) => one.id !== id || one.state === "running");
    this.changed.emit();
  }

  async close(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { stop } of running) stop.abort();
    await Promise.all(running.map(({ ended }) => ended));
  }

  async #work(id: string, request: ImportRequest, signal: AbortSignal): Promise<void> {
    try {
      const onEvent = (step: string, event: StepEvent) => {
        if (event.kind !== "progress" || (step !== "ingest" && step !== "check")) return;
        const { fraction, message, eta_s = null } = event;
        this.#update(id, { step, fraction, eta_s, ...(message && { message }) });
      };
      const { name, paths, reading } = request;
      const made = await this.#pipeline.importData(name, paths, { signal, onEvent, reading });
      this.#update(id, { step: "check", fraction: 0, message: "Checking", version: made.version });
      const { calendar } = reading;
      await this.#pipeline.checkData(name, { signal, onEvent, ...(calendar && { calendar }) });
      this.#update(id, { state: "done", fraction: 1, eta_s: null, message: "" });
    } catch (error) {
      if (signal.aborted) this.#update(id, { state: "cancelled", eta_s: null });
      else this.#update(id, { state: "failed", eta_s: null, problem: problemOf(error) });
    } finally {
      this.#running.delete(id);
      const ended = this.#imports.find((one) => one.id === id);
      if (ended) this.#onEnd(ended);
    }
  }

  #update(id: string, news: Partial<DataImport>): void {
    this.#imports = this.#imports.map((one) => (one.id === id ? { ...one, ...news } : one));
    this.changed.emit();
  }
}

import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Manifest, StepEvent, StepName } from "../../../contract/step.ts";
import type { Capabilities, StepEngine, StepRequest } from "../../../main/pipeline/step-engine.ts";

type Emit = (event: StepEvent) => void;
type Interlude = (request: StepRequest, emit: Emit, signal: AbortSignal) => Promise<void> | void;

/**
 * An engine of the step protocol that does no science: it reads its inputs from disk, leaves real
 * artifacts there, whole or not at all, and keeps a table's versions, as the true one does.
 */
export class DiskEngine implements StepEngine {
  readonly requests: StepRequest[] = [];
  /** What a step does before it leaves its artifact: wait, fail, emit. */
  readonly before: Partial<Record<StepName, Interlude>> = {};
  code = "code-1";
  trials = 3;
  /** The last day that imported bars have. */
  last = "2018-01-02";

  capabilities(): Promise<Capabilities> {
    const steps = Object.keys(SUMMARIES).map((name) => ({
      name,
      version: "1",
      code: this.code,
    }));
    return Promise.resolve({ steps });
  }

  async runStep(
    request: StepRequest,
    { signal, onEvent }: { signal: AbortSignal; onEvent: Emit },
  ): Promise<Manifest> {
    this.requests.push(request);
    const output = fileURLToPath(request.output);
    const inputs = Object.entries(request.inputs).map(([name, given]) => [
      name,
      [given].flat().map((url) => readInput(fileURLToPath(url))),
    ]);
    onEvent({ kind: "progress", fraction: 0.5, message: `half of ${request.step}`, eta_s: 1 });
    if (request.step === "train") this.#fit(onEvent);
    await this.before[request.step]?.(request, onEvent, signal);
    signal.throwIfAborted();
    const summary = { ...SUMMARIES[request.step], ...this.#measured(request) };
    const staging = join(dirname(output), `.staging-${basename(output)}`);
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { recursive: true });
    for (const [name, content] of Object.entries(FILES[request.step])) {
      writeFileSync(join(staging, name), JSON.stringify(content));
    }
    const manifest: Manifest = {
      kind: request.step,
      columns: {},
      rows: 10,
      files: readdirSync(staging).map((path) => describe(staging, path)),
      made_by: {
        step: request.step,
        version: request.version,
        key: request.key,
        params: request.params,
        inputs: Object.fromEntries(inputs),
        lock: "lock",
        engine: "0",
      },
      summary,
      seconds: 0,
    };
    writeFileSync(join(staging, "manifest.json"), JSON.stringify(manifest));
    renameSync(staging, output);
    return manifest;
  }

  /** How often a step was really done. */
  done(step: StepName): number {
    return this.requests.filter((request) => request.step === step).length;
  }

  #fit(emit: Emit): void {
    for (let number = 0; number < this.trials; number += 1) emit(trial(number));
  }

  #measured(request: StepRequest): Record<string, unknown> {
    if (request.step === "train") return { trials: this.trials };
    if (request.step === "register") return { model: request.params.model_name };
    if (request.step !== "ingest") return {};
    const log = join(fileURLToPath(request.places.table as string), "_delta_log");
    mkdirSync(log, { recursive: true });
    const version = readdirSync(log).length;
    const commit = { add: `part-${Math.random()}.parquet` };
    writeFileSync(join(log, `${String(version).padStart(20, "0")}.json`), JSON.stringify(commit));
    return { name: request.params.name, delta_version: version, last: this.last };
  }
}

export function trial(number: number): StepEvent & { kind: "trial" } {
  return {
    kind: "trial",
    number,
    engine: "lightgbm",
    params: { leaves: 2 ** number },
    state: number === 1 ? "pruned" : "complete",
    score: number / 10,
    fold_scores: [number / 10],
    seconds: 0.1,
    error: null,
  };
}

/** Waits until the signal is aborted, as a step does that is cancelled. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  await sleep(60_000, undefined, { signal });
}

function readInput(path: string): string {
  if (!existsSync(path)) throw new Error(`The engine was given ${path}, which is not there.`);
  return basename(path);
}

function describe(folder: string, path: string): Manifest["files"][number] {
  const content = readFileSync(join(folder, path));
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { path, bytes: content.length, sha256 };
}

const FINDING = {
  rule: "missing_price",
  severity: "warning",
  symbol: "AAA",
  from: "2015-01-02",
  to: "2015-01-02",
  action: "quarantined",
  rows: 1,
  detail: "No open.",
};
const LEADER = { name: "ensemble", engine: "lightgbm", kind: "ensemble", rank_ic: 0.5, icir: 4 };

const FILES: Record<StepName, Record<string, unknown>> = {
  ingest: { "understood.json": { separator: "," } },
  check: { "findings.json": [FINDING] },
  features: { "catalogue.json": [] },
  select: { "selection.json": { final: ["momentum"] } },
  train: { "leaderboard.json": [LEADER] },
  backtest: { "equity.json": [1, 1.01] },
  judge: { "verdict.json": { verdict: "deploy" } },
  register: { "registration.json": {} },
};

const SUMMARIES: Record<StepName, Record<string, unknown>> = {
  ingest: { rows: 1000, symbols: 5, first: "2015-01-02" },
  check: { findings: 1 },
  features: { made: 64 },
  select: { made: 64, kept: 40 },
  train: {
    rank_ic: 0.5,
    icir: 4,
    baseline: "har",
    baseline_rank_ic: 0.49,
    folds: 6,
    folds_ahead: 6,
  },
  backtest: { sharpe_net: 1.2 },
  judge: { verdict: "deploy", summary: "Better than HAR.", gates: [], deflated_sharpe: 0.97 },
  register: { version: "1" },
};

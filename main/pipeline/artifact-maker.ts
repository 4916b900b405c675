import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import type { ContentKey } from "../../contract/ids.ts";
import { WorkbenchError } from "../../contract/problem.ts";
import type { Manifest, StepEvent, StepName } from "../../contract/step.ts";
import type { ProjectIndex } from "../project-index/project-index.ts";
import type { ArtifactCache } from "./cache.ts";
import { KeyedLock } from "./keyed-lock.ts";
import type { Capabilities, StepCapability, StepEngine } from "./step-engine.ts";

/** A step that is to leave an artifact under `key`. */
export type Work = {
  readonly step: StepName;
  readonly key: ContentKey;
  readonly version: string;
  /** Everything that the step is told, labels that are not part of the key included. */
  readonly params: Record<string, unknown>;
  /** Folders of artifacts, or files, by input name. */
  readonly inputs: Readonly<Record<string, string | readonly string[]>>;
  /** Asked for only when the step must really be done. */
  readonly places: () => Promise<Record<string, string>>;
  readonly seed: number | null;
};

export type Made = {
  readonly key: ContentKey;
  readonly folder: string;
  readonly manifest: Manifest;
  /** The artifact was there already, or another run was just making it. */
  readonly cached: boolean;
};

export type Watcher = {
  readonly signal: AbortSignal;
  /** The artifact is not there: the step begins. */
  readonly onStart: () => void;
  readonly onEvent: (event: StepEvent) => void;
};

/** Steps to which chance means nothing are given the same seed, so that it cannot matter. */
const NO_SEED = 0;

/** Finds an artifact in the cache or has the engine make it; each is made once at a time. */
export class ArtifactMaker {
  readonly #engine: StepEngine;
  readonly #cache: ArtifactCache;
  readonly #index: ProjectIndex;
  readonly #now: () => Date;
  readonly #making = new KeyedLock();

  constructor(engine: StepEngine, cache: ArtifactCache, index: ProjectIndex, now: () => Date) {
    this.#engine = engine;
    this.#cache = cache;
    this.#index = index;
    this.#now = now;
  }

  /** The artifact if it is there and whole. */
  async find(step: StepName, key: ContentKey, signal: AbortSignal): Promise<Made | null> {
    return await this.#making.hold(key, signal, async () => {
      const found = await this.#cache.find(step, key);
      return found && { ...found, key, cached: true };
    });
  }

  async obtain(work: Work, watcher: Watcher): Promise<Made> {
    return await this.#making.hold(work.key, watcher.signal, async () => {
      const found = await this.#cache.find(work.step, work.key);
      if (found) {
        if (this.#index.artifacts.get(work.key) === null) this.#record(work, found.manifest);
        return { ...found, key: work.key, cached: true };
      }
      watcher.signal.throwIfAborted();
      watcher.onStart();
      const manifest = await this.#make(work, watcher);
      this.#record(work, manifest);
      return { key: work.key, folder: this.#folder(work), manifest, cached: false };
    });
  }

  async #make(work: Work, { signal, onEvent }: Watcher): Promise<Manifest> {
    const places = await work.places();
    return await this.#engine.runStep(
      {
        step: work.step,
        version: work.version,
        key: work.key,
        params: work.params,
        inputs: Object.fromEntries(
          Object.entries(work.inputs).map(([name, paths]) => [
            name,
            typeof paths === "string" ? urlOf(paths) : paths.map(urlOf),
          ]),
        ),
        places,
        output: urlOf(this.#folder(work)),
        resources: { threads: availableParallelism(), seed: work.seed ?? NO_SEED },
      },
      { signal, onEvent },
    );
  }

  #folder(work: Work): string {
    return this.#cache.folder(work.step, work.key);
  }

  #record({ step, key }: Work, manifest: Manifest): void {
    const place = this.#cache.place(step, key);
    this.#index.durable(() =>
      this.#index.artifacts.record(key, step, place, manifest, this.#now()),
    );
  }
}

const urlOf = (path: string) => pathToFileURL(path).href;

/** What the engine says of a step; an engine that lacks it is too old or too narrow. */
export function capabilityOf(capabilities: Capabilities, step: StepName): StepCapability {
  const found = capabilities.steps.find(({ name }) => name === step);
  if (found) return found;
  throw new WorkbenchError({
    code: "engine.step_missing",
    detail: `The engine has no step ${step}.`,
    hint: "Start the workbench again, so that the engine that belongs to it is used.",
    where: { step },
  });
}

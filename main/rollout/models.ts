import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Idea } from "../../contract/idea.ts";
import type { ContentKey, RunId } from "../../contract/ids.ts";
import type { Lineage, ModelLine } from "../../contract/model.ts";
import { WorkbenchError } from "../../contract/problem.ts";
import type { RunResult } from "../../contract/run.ts";
import { Manifest } from "../../contract/step.ts";
import type { ModelRecord } from "../project-index/models.ts";
import type { ProjectIndex } from "../project-index/project-index.ts";
import type { Workspace } from "../runtime/workspace.ts";
import type { ModelAlias, ModelRegistry } from "./registry.ts";

const TrainedOn = z.object({ features: z.array(z.string()) });

export type ModelsOptions = {
  readonly index: ProjectIndex;
  readonly workspace: Workspace;
  readonly registry: Pick<ModelRegistry, "aliases" | "setAlias" | "version">;
  readonly resultOf: (run: RunId) => Promise<RunResult>;
  /** An alias, which only the registry knows, has moved. */
  readonly onAlias: () => void;
};

/** A version with everything that is known of it. */
export type ModelView = Omit<ModelRecord, "idea"> & {
  /** As it stood when the run began; null, like the result, once the run was removed. */
  idea: Idea | null;
  result: RunResult | null;
  lineage: Lineage;
};

/** The registered versions: what they are, where they came from, and which is the champion. */
export class Models {
  readonly #options: ModelsOptions;

  constructor(options: ModelsOptions) {
    this.#options = options;
  }

  /** All versions, the newest first. */
  list(): ModelLine[] {
    return this.#options.index.models.lines();
  }

  /** Asks the registry, which may have to be started, or may be away. */
  aliases(): Promise<ModelAlias[]> {
    return this.#options.registry.aliases();
  }

  async get(name: string, version: string): Promise<ModelView> {
    const { index, resultOf } = this.#options;
    const model = this.#known(name, version);
    const run = index.runs.get(model.run);
    return {
      ...model,
      idea: run?.idea ?? null,
      result: run ? await resultOf(model.run) : null,
      lineage: await this.#lineage(model),
    };
  }

  /** What a run's model is asked with, in its order; empty where the run or its training is gone. */
  featuresOf(run: RunId): string[] {
    const { index } = this.#options;
    const key = index.steps.ofRun(run).find(({ step }) => step === "train")?.key;
    const summary = key ? index.artifacts.get(key)?.summary : undefined;
    return TrainedOn.safeParse(summary).data?.features ?? [];
  }

  /** What the registry keeps beside a version. */
  async tags(name: string, version: string): Promise<Readonly<Record<string, string>>> {
    return (await this.#options.registry.version(name, version)).tags;
  }

  /** Makes a version its model's champion. What is being served stays as it is. */
  async promote(name: string, version: string): Promise<void> {
    this.#known(name, version);
    await this.#options.registry.setAlias(name, "champion", version);
    this.#options.onAlias();
  }

  async #lineage(model: ModelRecord): Promise<Lineage> {
    const { index } = this.#options;
    const finished = index.steps
      .ofRun(model.run)
      .flatMap(({ step, key, seconds }) => (key ? [{ step, key, seconds: seconds ?? 0 }] : []));
    const steps = await Promise.all(
      finished.map(async ({ step, key, seconds }) => {
        const made = (await this.#manifest(key))?.made_by;
        return made
          ? [{ step, key, seconds, version: made.version, engine: made.engine, lock: made.lock }]
          : [];
      }),
    );
    const ingest = finished.find(({ step }) => step === "ingest");
    const data = ingest ? index.dataVersions.get(ingest.key) : null;
    return {
      data: data && {
        name: data.name,
        version: data.version,
        rows: data.rows,
        symbols: data.symbols,
      },
      steps: steps.flat(),
      deployments: index.deployments
        .list()
        .filter((one) => one.model === model.name && one.version === model.version)
        .map(({ deployment, state }) => ({ deployment, state })),
    };
  }

  /** Null where the artifact is not there any more: a lineage tells what can still be told. */
  async #manifest(key: ContentKey): Promise<Manifest | null> {
    const { index, workspace } = this.#options;
    const artifact = index.artifacts.get(key);
    if (!artifact) return null;
    const file = join(workspace.root, ...artifact.path.split("/"), "manifest.json");
    const text = await readFile(file, "utf8").catch(() => null);
    return text === null ? null : (Manifest.safeParse(JSON.parse(text)).data ?? null);
  }

  #known(name: string, version: string): ModelRecord {
    const model = this.#options.index.models.get(name, version);
    if (model) return model;
    throw new WorkbenchError({
      code: "model.unknown",
      detail: `There is no version ${version} of a model ${name} in this workspace.`,
      hint: "The screen Models lists those that there are.",
      where: { name, version },
    });
  }
}

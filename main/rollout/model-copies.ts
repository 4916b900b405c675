import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { WorkbenchError } from "../../contract/problem.ts";
import { readJsonIfPresent, writeJsonAtomic } from "../runtime/atomic-file.ts";
import type { ModelVersion } from "./backend.ts";
import type { ModelRegistry } from "./registry.ts";
import { SmokeExample } from "./smoke.ts";

const CopyRecord = z.object({
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
});
type CopyRecord = z.infer<typeof CopyRecord>;

/** The record of a copy, beside the files; a folder without it is not a copy. */
const RECORD = "copy.json";
/** The file by which a model's own folder is known within what MLflow wraps around it. */
const MODEL_FILE = "model.json";
const EXAMPLE_FILE = "example.json";

export interface ModelCopy {
  /** The folder that has `model.json`. */
  readonly modelFolder: string;
  /** The example that is stored with the version, if there is one. */
  readonly example: SmokeExample | undefined;
}

/** Local copies of registered versions, so that serving goes on without the registry. */
export class ModelCopies {
  readonly #folder: string;
  readonly #registry: ModelRegistry;

  constructor(folder: string, registry: ModelRegistry) {
    this.#folder = folder;
    this.#registry = registry;
  }

  /** The copy of a version: the one at hand if it is undamaged, or fetched anew. */
  async get(wanted: ModelVersion): Promise<ModelCopy> {
    const folder = this.#place(wanted);
    const record = CopyRecord.safeParse(
      await readJsonIfPresent(join(folder, RECORD)).catch(() => undefined),
    );
    const whole = record.success && (await isUndamaged(folder, record.data));
    return open(folder, whole ? record.data : await this.#fetch(wanted, folder), wanted);
  }

  async #fetch(wanted: ModelVersion, folder: string): Promise<CopyRecord> {
    const version = await this.#registry.version(wanted.model, wanted.version);
    const listed = await this.#registry.files(version);
    await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
    const aside = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
    try {
      const files: CopyRecord["files"] = [];
      for (const { path, bytes } of listed) {
        const target = join(aside, ...path.split("/"));
        const contents = await this.#registry.read(version, path);
        if (contents.length !== bytes) throw damaged(wanted, path);
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, contents, { flush: true });
        files.push({ path, bytes, sha256: sha256(contents) });
      }
      const record = { files };
      await writeJsonAtomic(join(aside, RECORD), record);
      await rm(folder, { recursive: true, force: true });
      await rename(aside, folder);
      return record;
    } catch (error) {
      await rm(aside, { recursive: true, force: true });
      throw error;
    }
  }

  /** Registry names may hold characters that file systems refuse. */
  #place({ model, version }: ModelVersion): string {
    return join(this.#folder, encodeURIComponent(model), encodeURIComponent(version));
  }
}

async function open(folder: string, record: CopyRecord, wanted: ModelVersion): Promise<ModelCopy> {
  const find = (name: string): string | undefined =>
    record.files.find((file) => file.path.split("/").at(-1) === name)?.path;
  const model = find(MODEL_FILE);
  if (!model) {
    throw new WorkbenchError({
      code: "deployment.not_a_workbench_model",
      detail: `${wanted.model} version ${wanted.version} has no ${MODEL_FILE} among its files.`,
      hint: "Only models that the workbench registered can be deployed by it.",
      where: { ...wanted },
    });
  }
  const example = find(EXAMPLE_FILE);
  return {
    modelFolder: dirname(join(folder, ...model.split("/"))),
    example: example
      ? SmokeExample.parse(JSON.parse(await readFile(join(folder, example), "utf8")))
      : undefined,
  };
}

async function isUndamaged(folder: string, record: CopyRecord): Promise<boolean> {
  for (const file of record.files) {
    const contents = await readFile(join(folder, ...file.path.split("/"))).catch(() => undefined);
    if (!contents || sha256(contents) !== file.sha256) return false;
  }
  return true;
}

function damaged(wanted: ModelVersion, path: string): WorkbenchError {
  return new WorkbenchError({
    code: "deployment.model_damaged",
    detail: `${path} of ${wanted.model} version ${wanted.version} is not what was registered.`,
    hint: "Run the idea again: it registers a new version.",
    where: { ...wanted, file: path },
  });
}

function sha256(contents: Uint8Array): string {
  return createHash("sha256").update(contents).digest("hex");
}

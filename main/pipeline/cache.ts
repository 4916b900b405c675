import { readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ContentKey } from "../../contract/ids.ts";
import { Manifest, type StepName } from "../../contract/step.ts";
import type { Log } from "../runtime/log.ts";
import type { Workspace } from "../runtime/workspace.ts";
import { hasVersion } from "./delta-log.ts";
import { RegisterSummary, readSummary } from "./summaries.ts";

/** A finished artifact: where it is and what its manifest says. */
export type CachedArtifact = { readonly folder: string; readonly manifest: Manifest };

/** Whether the registry still has a version; a registration without it is worth nothing. */
export type IsRegistered = (model: string, version: string) => Promise<boolean>;

/**
 * Finished artifacts, `cache/<step>/<key>/`. The engine makes a folder aside and renames it into
 * place with its manifest, so that a folder that is here was finished. What happened to it since
 * (a deleted file, a full disk, a lost table) is checked each time it is used.
 */
export class ArtifactCache {
  readonly #workspace: Workspace;
  readonly #log: Log;
  readonly #isRegistered: IsRegistered;

  constructor(workspace: Workspace, log: Log, isRegistered: IsRegistered) {
    this.#workspace = workspace;
    this.#log = log;
    this.#isRegistered = isRegistered;
  }

  folder(step: StepName, key: ContentKey): string {
    return join(this.#workspace.cache, step, key);
  }

  /** The folder relative to the workspace, with forward slashes, as the index keeps it. */
  place(step: StepName, key: ContentKey): string {
    return `cache/${step}/${key}`;
  }

  /** The artifact, if it is there and whole. A damaged one is set aside, to be made again. */
  async find(step: StepName, key: ContentKey): Promise<CachedArtifact | null> {
    const folder = this.folder(step, key);
    if (!(await exists(folder))) return null;
    try {
      return { folder, manifest: await this.#verified(step, key, folder) };
    } catch (error) {
      if (!(error instanceof DamagedArtifact)) throw error;
      this.#log.warn({ step, key, reason: error.message }, "damaged artifact set aside");
      await this.setAside(step, key);
      return null;
    }
  }

  /** Moves an artifact out of the way, where a person may still look at it. */
  async setAside(step: StepName, key: ContentKey): Promise<void> {
    const folder = this.folder(step, key);
    const aside = `${folder}.damaged`;
    await rm(aside, { recursive: true, force: true });
    await rename(folder, aside);
  }

  async #verified(step: StepName, key: ContentKey, folder: string): Promise<Manifest> {
    const manifest = await readManifest(folder);
    if (manifest.made_by.step !== step || manifest.made_by.key !== key) {
      throw new DamagedArtifact("its manifest is of another artifact");
    }
    await Promise.all(
      manifest.files.map(async (file) => {
        const bytes = await sizeOf(join(folder, ...file.path.split("/")));
        if (bytes !== file.bytes) {
          throw new DamagedArtifact(
            `${file.path} has ${bytes ?? "no"} bytes instead of ${file.bytes}`,
          );
        }
      }),
    );
    if (step === "ingest") await this.#verifyTable(manifest);
    if (step === "register") await this.#verifyRegistration(manifest);
    return manifest;
  }

  async #verifyTable({ summary }: Manifest): Promise<void> {
    const table = join(this.#workspace.data, String(summary.name));
    const version = Number(summary.delta_version);
    if (await hasVersion(table, version)) return;
    throw new DamagedArtifact(`its table has lost version ${version}`);
  }

  async #verifyRegistration({ summary }: Manifest): Promise<void> {
    const { model, version } = readSummary(RegisterSummary, summary, "register");
    if (await this.#isRegistered(model, version)) return;
    throw new DamagedArtifact(`the registry has lost version ${version} of ${model}`);
  }
}

class DamagedArtifact extends Error {}

async function readManifest(folder: string): Promise<Manifest> {
  try {
    return Manifest.parse(JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")));
  } catch (error) {
    throw new DamagedArtifact(`its manifest cannot be read: ${(error as Error).message}`);
  }
}

async function exists(path: string): Promise<boolean> {
  return (await sizeOf(path)) !== null;
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

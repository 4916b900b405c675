import { existsSync } from "node:fs";
import { dirname, isAbsolute, parse, relative, resolve } from "node:path";
import { z } from "zod";
import { readJsonIfPresent, writeFileAtomic } from "../../runtime/atomic-file.ts";
import type { ComposeService } from "../service.ts";

const Overlay = z.object({
  services: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  "x-seen": z.array(z.string()).default([]),
});
type Overlay = z.infer<typeof Overlay>;

/**
 * What one workspace adds to the bundles: a compose file of its own with a service for each model
 * that is served, and the folders that the engine may read. `docker compose -f` takes it too.
 */
export class WorkspaceOverlay {
  readonly file: string;
  readonly #workspace: string;
  #overlay: Overlay = { services: {}, "x-seen": [] };
  #read: Promise<void> | undefined;

  constructor(file: string, workspace: string) {
    this.file = file;
    this.#workspace = workspace;
  }

  /** The compose files to read after the bundles' own. */
  get files(): string[] {
    return existsSync(this.file) ? [this.file] : [];
  }

  /** Services that were added, by this workbench or an earlier one. */
  async services(): Promise<string[]> {
    await this.#ready();
    return Object.keys(this.#overlay.services).filter((name) => name !== "engine");
  }

  /** @returns whether that is new */
  async put(name: string, service: ComposeService): Promise<boolean> {
    await this.#ready();
    const { services } = this.#overlay;
    if (JSON.stringify(services[name]) === JSON.stringify(service)) return false;
    await this.#write({ ...this.#overlay, services: { ...services, [name]: service } });
    return true;
  }

  async remove(name: string): Promise<void> {
    await this.#ready();
    const { [name]: gone, ...services } = this.#overlay.services;
    if (gone) await this.#write({ ...this.#overlay, services });
  }

  /**
   * Lets the engine read what is at these paths, at the same paths.
   *
   * @returns whether that is new
   */
  async see(paths: readonly string[]): Promise<boolean> {
    await this.#ready();
    const before = this.#overlay["x-seen"];
    const folders = paths.map(folderOf).filter((one) => !isBelow(one, this.#workspace));
    // A folder that is gone would be made anew, as an empty one of the daemon's user.
    const all = [...new Set([...before.filter((one) => existsSync(one)), ...folders])].sort();
    const seen = all.filter((one) => !all.some((other) => other !== one && isBelow(one, other)));
    if (folders.every((one) => before.some((other) => isBelow(one, other)))) return false;
    const volumes = seen.map((path) => ({
      ...{ type: "bind", source: path, target: path },
      read_only: true,
    }));
    await this.#write({
      "x-seen": seen,
      services: { ...this.#overlay.services, engine: { volumes } },
    });
    return true;
  }

  #ready(): Promise<void> {
    this.#read ??= readJsonIfPresent(this.file)
      .catch(() => undefined)
      .then((found) => {
        const text = JSON.stringify(found ?? {}).replaceAll("$$", "$");
        this.#overlay = Overlay.safeParse(JSON.parse(text)).data ?? this.#overlay;
      });
    return this.#read;
  }

  async #write(overlay: Overlay): Promise<void> {
    // JSON is YAML, and needs no care about how words are quoted; a dollar begins a variable.
    const text = JSON.stringify(overlay, null, 2).replaceAll("$", () => "$$");
    await writeFileAtomic(this.file, `${text}\n`, { mode: 0o600 });
    this.#overlay = overlay;
  }
}

/** A file's folder, unless that is the whole disk. */
function folderOf(path: string): string {
  const full = resolve(path);
  const folder = dirname(full);
  return folder === parse(full).root ? full : folder;
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!way.startsWith("..") && !isAbsolute(way));
}

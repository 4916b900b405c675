import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { WorkbenchError } from "../../contract/problem.ts";
import type { EnvironmentView } from "../../contract/settings.ts";
import {
  ENVIRONMENT_NAMES,
  type EnvironmentName,
  type Environments,
} from "../runtime/environments.ts";
import { folderSize } from "./folder-size.ts";

const PURPOSES: Record<EnvironmentName, string> = {
  core: "Every step from ingestion to the verdict",
  tracking: "MLflow: trials and the model registry",
  serving: "MLServer: the endpoints",
  notebooks: "JupyterLab, with the engine to import",
};

/** Lets a person see, install, repair and remove the Python environments. */
export class EnvironmentCare {
  readonly #environments: Environments;
  readonly #onChange: () => void;
  readonly #working = new Map<EnvironmentName, string>();
  readonly #measuring = new Set<EnvironmentName>();
  readonly #sizes = new Map<EnvironmentName, { bytes: number; packages: number }>();

  constructor(environments: Environments, onChange: () => void) {
    this.#environments = environments;
    this.#onChange = onChange;
  }

  list(): EnvironmentView[] {
    return ENVIRONMENT_NAMES.map((name) => this.#view(name));
  }

  /** Makes it where it is missing or outdated; returns when it is ready. */
  install(name: EnvironmentName): Promise<EnvironmentView> {
    return this.#work(name, "starting", async (tell) => {
      await this.#environments.ensure(name, { onProgress: tell });
    });
  }

  /** Makes it anew from its lock, whatever became of it. */
  repair(name: EnvironmentName): Promise<EnvironmentView> {
    return this.#work(name, "removing what is there", async (tell) => {
      await this.#remove(name);
      await this.#environments.ensure(name, { onProgress: tell });
    });
  }

  /** Frees its disk space; it is made again when it is next needed. */
  remove(name: EnvironmentName): Promise<EnvironmentView> {
    return this.#work(name, "removing it", () => this.#remove(name));
  }

  #view(name: EnvironmentName): EnvironmentView {
    const message = this.#working.get(name) ?? null;
    const state = message === null ? this.#environments.state(name) : "working";
    if (state !== "working" && state !== "missing") this.#measure(name);
    const size = state === "missing" ? undefined : this.#sizes.get(name);
    return {
      name,
      purpose: PURPOSES[name],
      state,
      folder: this.#environments.folder(name),
      bytes: size?.bytes ?? null,
      packages: size?.packages ?? null,
      message,
    };
  }

  /** Tens of thousands of files: the list does not wait for it, and is told when it is done. */
  #measure(name: EnvironmentName): void {
    if (this.#sizes.has(name) || this.#measuring.has(name)) return;
    this.#measuring.add(name);
    const folder = this.#environments.folder(name);
    Promise.all([folderSize(folder), packagesIn(folder)])
      .then(([bytes, packages]) => {
        this.#sizes.set(name, { bytes, packages });
        this.#onChange();
      })
      .finally(() => this.#measuring.delete(name));
  }

  async #work(
    name: EnvironmentName,
    first: string,
    work: (tell: (message: string) => void) => Promise<void>,
  ): Promise<EnvironmentView> {
    if (this.#environments.state(name) === "kept_elsewhere") {
      throw new WorkbenchError({
        code: "environment.kept_elsewhere",
        detail: `The environment ${name} is kept by somebody else, in ${this.#environments.folder(name)}.`,
        hint: "Change it there, or unset BREADTHFLOW_ENVIRONMENTS.",
        where: { environment: name },
      });
    }
    if (this.#working.has(name)) {
      throw new WorkbenchError({
        code: "environment.busy",
        detail: `The environment ${name} is being worked on.`,
        hint: "Wait until that has ended.",
        where: { environment: name },
      });
    }
    const tell = (message: string) => {
      this.#working.set(name, message);
      this.#onChange();
    };
    tell(first);
    try {
      await work(tell);
    } finally {
      this.#working.delete(name);
      this.#sizes.delete(name);
      this.#onChange();
    }
    return this.#view(name);
  }

  async #remove(name: EnvironmentName): Promise<void> {
    const folder = this.#environments.folder(name);
    // The marker first: a removal that is cut off leaves nothing that looks whole.
    await rm(join(folder, ".ready"), { force: true });
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function packagesIn(folder: string): Promise<number> {
  const lib = (await readdir(join(folder, "lib")).catch(() => [])).find((name) =>
    name.startsWith("python"),
  );
  const packages = lib
    ? join(folder, "lib", lib, "site-packages")
    : join(folder, "Lib", "site-packages");
  const entries = await readdir(packages).catch(() => []);
  return entries.filter((entry) => entry.endsWith(".dist-info")).length;
}

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Problem, WorkbenchError } from "../../contract/problem.ts";

/** The Python environments of this product; one lock each, `locks/NAME.txt`. */
export const ENVIRONMENT_NAMES = ["core", "tracking", "serving", "notebooks"] as const;
export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

export interface EnsureOptions {
  /** Told what is being done, in words for a person. */
  readonly onProgress?: (message: string) => void;
}

/** What `scripts/prepare/environments.mjs` offers: the one mechanism that makes environments. */
interface Preparation {
  ensureEnvironment(
    name: string,
    options: { onProgress(progress: { subject: string; message: string }): void },
  ): Promise<unknown>;
}

/** Locates the Python environments, and has those made that are made on first use. */
export class Environments {
  readonly #root: string;
  readonly #override: string | undefined;
  readonly #making = new Map<EnvironmentName, Promise<string>>();

  /**
   * @param options.root the product's folder, which holds `.venv`, `scripts` and the locks.
   * @param options.override a folder of environments that somebody else keeps (`DIR/core` …);
   *   they are used as they are.
   */
  constructor(options: { root: string; override?: string | undefined }) {
    this.#root = options.root;
    this.#override = options.override || undefined;
  }

  /** The folder that has the package `breadthflow_engine`, for PYTHONPATH. */
  get enginePackage(): string {
    return join(this.#root, "compose-bundles", "engine");
  }

  folder(name: EnvironmentName): string {
    return this.#override ? join(this.#override, name) : join(this.#root, ".venv", name);
  }

  /** Path of the interpreter, whether or not the environment is there. */
  python(name: EnvironmentName): string {
    const folder = this.folder(name);
    return process.platform === "win32"
      ? join(folder, "Scripts", "python.exe")
      : join(folder, "bin", "python");
  }

  /** Finished, and made from the lock as it stands now. A half-made one has no marker. */
  isReady(name: EnvironmentName): boolean {
    if (!existsSync(this.python(name))) return false;
    if (this.#override) return true;
    try {
      const marker = readFileSync(join(this.folder(name), ".ready"), "utf8");
      return marker.includes(this.#lockHash(name));
    } catch {
      return false;
    }
  }

  state(name: EnvironmentName): "ready" | "missing" | "outdated" | "kept_elsewhere" {
    if (this.#override) return "kept_elsewhere";
    if (!existsSync(this.python(name))) return "missing";
    return this.isReady(name) ? "ready" : "outdated";
  }

  /** The interpreter of a finished environment; makes it first where necessary. */
  ensure(name: EnvironmentName, options: EnsureOptions = {}): Promise<string> {
    if (this.isReady(name)) return Promise.resolve(this.python(name));
    // Services that need one environment wait for one installation.
    let making = this.#making.get(name);
    if (!making) {
      making = this.#make(name, options).finally(() => this.#making.delete(name));
      this.#making.set(name, making);
    }
    return making;
  }

  async #make(name: EnvironmentName, options: EnsureOptions): Promise<string> {
    if (this.#override) {
      throw new WorkbenchError({
        code: "environment.missing",
        detail: `There is no Python environment ${name} in ${this.#override}.`,
        hint: "Make it there, or unset BREADTHFLOW_ENVIRONMENTS to let the workbench make its own.",
        where: { environment: name, folder: this.folder(name) },
      });
    }
    const script = pathToFileURL(join(this.#root, "scripts", "prepare", "environments.mjs")).href;
    const preparation = (await import(script)) as Preparation;
    try {
      await preparation.ensureEnvironment(name, {
        onProgress: ({ subject, message }) => options.onProgress?.(`${subject}: ${message}`),
      });
    } catch (error) {
      throw new WorkbenchError(preparationProblem(name, error), { cause: error });
    }
    return this.python(name);
  }

  #lockHash(name: EnvironmentName): string {
    const lock = readFileSync(join(this.enginePackage, "locks", `${name}.txt`));
    return createHash("sha256").update(lock).digest("hex");
  }
}

/** What the preparation says itself where it knows what to do. */
function preparationProblem(name: EnvironmentName, error: unknown): Problem {
  const said = Problem.omit({ where: true }).safeParse(error);
  if (said.success) return { ...said.data, where: { environment: name } };
  return {
    code: "environment.failed",
    detail: `The Python environment ${name} could not be made: ${(error as Error).message}`,
    hint: "Check the network or the package index's address, then try again: it resumes.",
    where: { environment: name },
  };
}

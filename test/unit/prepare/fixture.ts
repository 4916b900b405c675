import { type ChildProcess, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { house, lockOf } from "../../../scripts/prepare/places.mjs";
import { ensureUv } from "../../../scripts/prepare/uv.mjs";

/** The lock of one small package without dependencies: what the lock `test` says about it. */
export const tinyLock = /^iniconfig==[\s\S]*?(?=\n {4}#)/m.exec(
  readFileSync(lockOf("test"), "utf8"),
)?.[0] as string;

export type Ended = { code: number | null; signal: string | null; text: string; seconds: number };

/** A small copy of the tree, with the real set-up and locks of its own. */
export class House {
  readonly root = mkdtempSync(path.join(tmpdir(), "prepare-"));
  private readonly uv: string;

  private constructor(uv: string) {
    this.uv = uv;
    cpSync(path.join(house, "scripts"), path.join(this.root, "scripts"), { recursive: true });
    this.write("package.json", JSON.stringify({ name: "fixture", version: "1.0.0" }));
    this.write("package-lock.json", npmLock({}));
    this.write("node_modules/.package-lock.json", npmLock({}));
    this.write("compose-bundles/engine/locks/tiny.txt", tinyLock);
  }

  static async make(): Promise<House> {
    return new House(await ensureUv());
  }

  write(name: string, text: string): void {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Names inside `.venv`. */
  environments(): string[] {
    const folder = path.join(this.root, ".venv");
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  }

  /** Locks that are held, or were left behind. */
  locks(): string[] {
    const folder = path.join(this.root, ".cache", "locks");
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  start(
    args: string[],
    env: NodeJS.ProcessEnv = {},
  ): { child: ChildProcess; ended: Promise<Ended> } {
    const started = performance.now();
    const child = spawn(process.execPath, ["scripts/prepare.mjs", ...args], {
      cwd: this.root,
      env: {
        ...process.env,
        PATH: [path.dirname(this.uv), process.env.PATH].join(path.delimiter),
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
    });
    child.stderr.on("data", (chunk) => {
      text += chunk;
    });
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) =>
        resolve({ code, signal, text, seconds: (performance.now() - started) / 1000 }),
      );
    });
    return { child, ended };
  }

  prepare(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return this.start(args, env).ended;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A package-lock.json that names these packages: name to integrity. */
export function npmLock(packages: Record<string, string>): string {
  const entries = Object.entries(packages).map(([name, integrity]) => [
    `node_modules/${name}`,
    { version: "1.0.0", integrity },
  ]);
  return JSON.stringify({
    name: "fixture",
    version: "1.0.0",
    lockfileVersion: 3,
    requires: true,
    packages: {
      "": {
        name: "fixture",
        version: "1.0.0",
        dependencies: Object.fromEntries(Object.keys(packages).map((name) => [name, "1.0.0"])),
      },
      ...Object.fromEntries(entries),
    },
  });
}

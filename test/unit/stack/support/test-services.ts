import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ports } from "../../../../main/runtime/ports.ts";
import type { Liveness } from "../../../../main/stack/native/readiness.ts";
import type { Backoff } from "../../../../main/stack/native/supervised-service.ts";
import { NativeSupervisor } from "../../../../main/stack/native/supervisor.ts";
import type { ServiceSpec } from "../../../../main/stack/service.ts";

const PROGRAM = join(import.meta.dirname, "..", "programs", "service.mjs");
const QUICK: Backoff = { firstMs: 20, maxMs: 100, attempts: 3, stableMs: 60_000 };

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), "breadthflow-test-"));

export function testSupervisor(folder: string, liveness?: Liveness): NativeSupervisor {
  const [runFolder, logFolder] = [join(folder, "run"), join(folder, "logs")];
  mkdirSync(runFolder, { recursive: true });
  mkdirSync(logFolder, { recursive: true });
  return new NativeSupervisor({
    runFolder,
    logFolder,
    ports: new Ports(join(runFolder, "ports.json")),
    backoff: QUICK,
    ...(liveness && { liveness }),
  });
}

export interface TestServiceOptions {
  readonly dependsOn?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly deadlineMs?: number;
  readonly stopGraceMs?: number;
  readonly restart?: ServiceSpec["restart"];
  readonly revision?: string;
  readonly executable?: string;
}

export function testService(name: string, options: TestServiceOptions = {}): ServiceSpec {
  return {
    name,
    title: "Is there for a test",
    profiles: ["core"],
    dependsOn: options.dependsOn ?? [],
    ports: ["http"],
    ready: { port: "http", path: "/", deadlineMs: options.deadlineMs ?? 10_000 },
    restart: options.restart ?? "on_failure",
    stopGraceMs: options.stopGraceMs ?? 3000,
    revision: () => options.revision ?? "",
    prepare: (ports) =>
      Promise.resolve({
        executable: options.executable ?? process.execPath,
        args: [PROGRAM],
        cwd: import.meta.dirname,
        env: { PORT: String(ports.http), NAME: name, ...options.env },
      }),
  };
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { DiskEngine } from "./disk-engine.ts";
import { type Opened, open } from "./opened.ts";

export { idea, open, reversal } from "./opened.ts";

/** A workspace with an engine, gone when the test has finished. */
export function fresh(now?: () => Date): Opened & { engine: DiskEngine; bars: string } {
  const root = folder();
  const engine = new DiskEngine();
  const opened = open(join(root, "workspace"), engine, now);
  onTestFinished(async () => {
    await opened.pipeline.close();
    opened.index.close();
  });
  return { ...opened, engine, bars: csv(join(root, "bars.csv"), "one") };
}

export function folder(): string {
  const root = mkdtempSync(join(tmpdir(), "breadthflow-pipeline-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

export function csv(path: string, content: string): string {
  writeFileSync(path, content);
  return path;
}

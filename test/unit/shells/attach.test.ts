import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { problemOf } from "../../../contract/problem.ts";
import { TAKEN, takeOwnership } from "../../../main/runtime/ownership.ts";
import { attach, CLOSED_MEANWHILE } from "../../../main/shells/cli/attach.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "breadthflow-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Attaches to a workspace whose owner process does no more than end. */
function attachingToOneThatEnds(code: number): Promise<string> {
  const node = join(folder, `ends-with-${code}`);
  writeFileSync(node, `#!/bin/sh\nexit ${code}\n`);
  chmodSync(node, 0o755);
  return attach(join(folder, "workspace"), { node }).then(
    () => "attached",
    (error: unknown) => problemOf(error).code,
  );
}

test.skipIf(process.platform === "win32")(
  "an owner of another command that came and went was closed by somebody too",
  async () => {
    mkdirSync(join(folder, "workspace", "run"), { recursive: true });
    const other = takeOwnership(join(folder, "workspace"));
    const attaching = attachingToOneThatEnds(TAKEN);
    // As long as it has the workspace, its record is waited for.
    const first = await Promise.race([attaching, sleep(500, "waits")]);
    expect(first).toBe("waits");
    other?.release();
    expect(await attaching).toBe(CLOSED_MEANWHILE);
  },
);

// Windows starts no script without a program to run it.
test.skipIf(process.platform === "win32")(
  "an owner that ends in order was closed by somebody, one that does not has failed",
  async () => {
    expect(await attachingToOneThatEnds(0)).toBe(CLOSED_MEANWHILE);
    expect(await attachingToOneThatEnds(1)).toBe("workspace.owner_failed");
  },
);

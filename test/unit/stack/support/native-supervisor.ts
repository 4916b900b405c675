import { rmSync } from "node:fs";
import { afterEach, beforeEach } from "vitest";
import type { NativeSupervisor } from "../../../../main/stack/native/supervisor.ts";
import { temporaryFolder, testSupervisor } from "./test-services.ts";

/** What a test works on. */
interface Native {
  folder: string;
  /** Another one may take its place within a test; that one's services are ended then. */
  supervisor: NativeSupervisor;
}

/** A supervisor in a folder of its own for each test of a file; nothing of either is left. */
export function nativeSupervisor(): Native {
  const native = {} as Native;
  beforeEach(() => {
    native.folder = temporaryFolder();
    native.supervisor = testSupervisor(native.folder);
  });
  afterEach(async () => {
    await native.supervisor.stopAll();
    rmSync(native.folder, { recursive: true, force: true });
  });
  return native;
}

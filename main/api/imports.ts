import { setTimeout as sleep } from "node:timers/promises";
import type { DataImport } from "../../contract/data.ts";
import type { Imports } from "../pipeline/imports.ts";

/** Progress comes with every megabyte; nobody looks that often. */
const GATHER_MS = 100;

/** The imports as they are, then whenever one of them is different, at most ten times a second. */
export async function* imports(
  source: Imports,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly DataImport[]> {
  let wake: () => void = () => undefined;
  let isNew = true;
  const leave = source.changed.subscribe(() => {
    isNew = true;
    wake();
  });
  const onAbort = () => wake();
  signal?.addEventListener("abort", onAbort);
  try {
    while (!signal?.aborted) {
      if (isNew) {
        isNew = false;
        yield source.list();
        await sleep(GATHER_MS);
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    leave();
    signal?.removeEventListener("abort", onAbort);
  }
}

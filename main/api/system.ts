import { changes } from "./changes.ts";
import { call, callWithoutFolder, router } from "./trpc.ts";

export const system = router({
  /** Proves that a live owner answers, and which one. */
  ping: call.query(() => ({ pid: process.pid })),
  status: call.query(({ ctx }) => ctx.workbench.status()),
  /** How many there are of what the rail leads to. */
  counts: call.query(({ ctx }) => ctx.workbench.index.counts()),
  /** The nouns that changed, gathered over a moment: what a client shows of them is out of date. */
  changes: call.subscription(({ ctx, signal }) => changes(ctx.workbench.changed, signal)),
  /** Bytes that the engine and its workers take up; null where it does not run as a process. */
  engine_memory: call.query(({ ctx }) => ctx.workbench.lifecycle.engineMemory()),
  /** What this is: for Settings, and for who reports a defect. */
  about: call.query(({ ctx }) => ctx.workbench.upkeep.about()),
  doctor: call.query(({ ctx }) => ctx.workbench.upkeep.doctor()),
  /** Ends the owner process and everything that it started. */
  shutdown: callWithoutFolder.mutation(({ ctx }) => ctx.workbench.requestShutdown()),
});

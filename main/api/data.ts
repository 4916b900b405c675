import { z } from "zod";
import { Reading } from "../../contract/data.ts";
import { DataSetName } from "../../contract/ids.ts";
import { imports } from "./imports.ts";
import { call, router } from "./trpc.ts";

const Paths = z.array(z.string().min(1).max(4096)).min(1).max(1000);
const ByName = z.object({ name: DataSetName });

export const data = router({
  list: call.query(({ ctx }) => ctx.workbench.index.dataVersions.list()),
  sets: call.query(({ ctx }) => ctx.workbench.data.sets()),
  versions: call.input(ByName).query(({ ctx, input }) => ctx.workbench.data.versions(input.name)),
  trials: call.input(ByName).query(({ ctx, input }) => ctx.workbench.data.trials(input.name)),
  trial_count: call
    .input(ByName)
    .query(({ ctx, input }) => ctx.workbench.index.trials.count(input.name)),
  addTrials: call
    .input(ByName.extend({ events: z.string().max(64_000_000) }))
    .mutation(({ ctx, input }) => ctx.workbench.data.addTrials(input.name, input.events)),
  ledger: call.input(ByName).query(({ ctx, input }) => ctx.workbench.data.ledger(input.name)),
  import: call
    .input(z.object({ name: DataSetName, paths: Paths }))
    .mutation(({ ctx, input, signal }) =>
      ctx.workbench.pipeline.importData(input.name, input.paths, signal ? { signal } : {}),
    ),
  check: call
    .input(ByName.extend({ calendar: z.string().optional() }))
    .mutation(({ ctx, input, signal }) =>
      ctx.workbench.pipeline.checkData(input.name, {
        calendar: input.calendar ?? ctx.workbench.data.calendar(input.name),
        ...(signal ? { signal } : {}),
      }),
    ),
  /** Imports that belong to the core: they go on when the window that began them is gone. */
  startImport: call
    .input(ByName.extend({ paths: Paths, reading: Reading.default({}) }))
    .mutation(({ ctx, input }) => ctx.workbench.imports.start(input)),
  cancelImport: call
    .input(z.object({ id: z.string() }))
    .mutation(({ ctx, input }) => ctx.workbench.imports.cancel(input.id)),
  dismissImport: call
    .input(z.object({ id: z.string() }))
    .mutation(({ ctx, input }) => ctx.workbench.imports.dismiss(input.id)),
  imports: call.subscription(({ ctx, signal }) => imports(ctx.workbench.imports, signal)),
});

import { z } from "zod";
import { DataSetName } from "../../contract/ids.ts";
import { call, router } from "./trpc.ts";

export const data = router({
  list: call.query(({ ctx }) => ctx.workbench.index.dataVersions.list()),
  import: call
    .input(z.object({ name: DataSetName, paths: z.array(z.string().min(1)).min(1) }))
    .mutation(({ ctx, input, signal }) =>
      ctx.workbench.pipeline.importData(input.name, input.paths, signal ? { signal } : {}),
    ),
  check: call
    .input(z.object({ name: DataSetName, calendar: z.string().default("XNYS") }))
    .mutation(({ ctx, input, signal }) =>
      ctx.workbench.pipeline.checkData(input.name, {
        calendar: input.calendar,
        ...(signal ? { signal } : {}),
      }),
    ),
});

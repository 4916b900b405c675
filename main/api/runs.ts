import { z } from "zod";
import { RunId } from "../../contract/ids.ts";
import { call, router } from "./trpc.ts";

const ByRun = z.object({ run: RunId });

export const runs = router({
  start: call
    .input(
      z.object({
        yaml: z.string(),
        file: z.string().default("idea.yaml"),
        data: z.array(z.string().min(1)).min(1).optional(),
      }),
    )
    .mutation(({ ctx, input }) => ctx.workbench.startRun(input)),
  watch: call
    .input(ByRun.extend({ from_seq: z.int().min(0).default(0) }))
    .subscription(({ ctx, input, signal }) =>
      ctx.workbench.pipeline.events(input.run, input.from_seq, signal),
    ),
  result: call.input(ByRun).query(({ ctx, input }) => ctx.workbench.result(input.run)),
  list: call.query(({ ctx }) => ctx.workbench.index.runs.list()),
  cancel: call.input(ByRun).mutation(({ ctx, input }) => ctx.workbench.pipeline.cancel(input.run)),
  resume: call.input(ByRun).mutation(({ ctx, input }) => ctx.workbench.resumeRun(input.run)),
});

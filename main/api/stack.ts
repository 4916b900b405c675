import { z } from "zod";
import { call, router } from "./trpc.ts";

const ByService = z.object({ service: z.string().min(1).max(100) });

export const stack = router({
  list: call.query(({ ctx }) => ctx.workbench.stack.list()),
  start: call
    .input(ByService)
    .mutation(({ ctx, input }) => ctx.workbench.stack.start(input.service)),
  stop: call.input(ByService).mutation(({ ctx, input }) => ctx.workbench.stack.stop(input.service)),
  restart: call
    .input(ByService)
    .mutation(({ ctx, input }) => ctx.workbench.stack.restart(input.service)),
  usage: call.subscription(({ ctx, signal }) => ctx.workbench.stack.usage(signal)),
  logs: call
    .input(ByService.extend({ tail: z.int().min(0).max(5000).default(500) }))
    .subscription(({ ctx, input, signal }) =>
      ctx.workbench.stack.logs(input.service, input.tail, signal ?? AbortSignal.abort()),
    ),
});

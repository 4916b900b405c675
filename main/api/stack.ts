import { z } from "zod";
import { eventStream } from "./event-stream.ts";
import { call, router } from "./trpc.ts";

const ByService = z.object({
  service: z.string().min(1).max(100),
  supervisor: z.enum(["native", "docker"]).default("native"),
});

export const stack = router({
  list: call.query(({ ctx }) => ctx.workbench.stack.list()),
  start: call
    .input(ByService)
    .mutation(({ ctx, input }) => ctx.workbench.stack.start(input.service, input.supervisor)),
  stop: call
    .input(ByService)
    .mutation(({ ctx, input }) => ctx.workbench.stack.stop(input.service, input.supervisor)),
  restart: call
    .input(ByService)
    .mutation(({ ctx, input }) => ctx.workbench.stack.restart(input.service, input.supervisor)),
  /** What the workspace's own services run as, and are to run as from now on. */
  supervisor: call.query(({ ctx }) => ctx.workbench.supervisor),
  use: call
    .input(z.object({ supervisor: z.enum(["native", "docker"]) }))
    .mutation(({ ctx, input }) => ctx.workbench.runServicesIn(input.supervisor)),
  /** Brings the bundles of some profiles up as containers; `progress` tells how far it is. */
  up: call
    .input(
      z.object({
        profiles: z.array(z.string().min(1)).min(1).default(["core"]),
        build: z.boolean().default(false),
      }),
    )
    .mutation(({ ctx, input }) => ctx.workbench.dockerStack.up(input)),
  down: call
    .input(z.object({ volumes: z.boolean().default(false) }))
    .mutation(({ ctx, input }) => ctx.workbench.bringContainersDown(input)),
  progress: call.subscription(({ ctx, signal }) =>
    eventStream(ctx.workbench.dockerStack.progress, signal ?? AbortSignal.abort()),
  ),
  usage: call.subscription(({ ctx, signal }) => ctx.workbench.stack.usage(signal)),
  logs: call
    .input(ByService.extend({ tail: z.int().min(0).max(5000).default(500) }))
    .subscription(({ ctx, input, signal }) =>
      ctx.workbench.stack.logs(
        input.service,
        input.tail,
        signal ?? AbortSignal.abort(),
        input.supervisor,
      ),
    ),
});

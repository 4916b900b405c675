import { z } from "zod";
import { eventStream } from "./event-stream.ts";
import { call, router } from "./trpc.ts";

const Supervisor = z.enum(["native", "docker"]);
const Profiles = z.array(z.string().min(1)).min(1);
const ByService = z.object({
  service: z.string().min(1).max(100),
  supervisor: Supervisor.default("native"),
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
    .input(z.object({ services: z.array(ByService.shape.service), supervisor: Supervisor }))
    .mutation(({ ctx, input }) => ctx.workbench.stack.restart(input.services, input.supervisor)),
  /** What the workspace's own services run as, and are to run as from now on. */
  supervisor: call.query(({ ctx }) => ctx.workbench.lifecycle.supervisor),
  use: call
    .input(z.object({ supervisor: Supervisor }))
    .mutation(({ ctx, input }) => ctx.workbench.lifecycle.use(input.supervisor)),
  profiles: call.query(({ ctx }) => ctx.workbench.stack.profiles()),
  /** Brings the services of some profiles up; `progress` tells how far it is. */
  up: call
    .input(
      z.object({
        supervisor: Supervisor,
        profiles: Profiles.default(["core"]),
        build: z.boolean().default(false),
      }),
    )
    .mutation(({ ctx, input: { supervisor, ...options } }) =>
      ctx.workbench.lifecycle.up(supervisor, options),
    ),
  down: call
    .input(
      z.object({
        supervisor: Supervisor,
        profiles: Profiles.optional(),
        volumes: z.boolean().default(false),
      }),
    )
    .mutation(({ ctx, input: { supervisor, profiles, volumes } }) =>
      ctx.workbench.lifecycle.down(supervisor, { volumes, ...(profiles ? { profiles } : {}) }),
    ),
  progress: call.subscription(({ ctx, signal }) =>
    eventStream(ctx.workbench.stack.progress, signal ?? AbortSignal.abort()),
  ),
  usage: call.subscription(({ ctx, signal }) => ctx.workbench.stack.usage(signal)),
  /** Bytes that all running services together take up. */
  memory: call.query(({ ctx }) => ctx.workbench.stack.memory()),
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

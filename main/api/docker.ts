import { z } from "zod";
import { call, router } from "./trpc.ts";

const Port = z.int().min(1).max(65_535);

/** What is asked of Docker alone: each call reaches the daemon, so none is made for every change. */
export const docker = router({
  /** The daemon, or why none answers and what can be done about it. */
  daemon: call.query(({ ctx }) => ctx.workbench.containers.daemon()),
  remedy: call.mutation(({ ctx }) => ctx.workbench.containers.remedy()),
  leftovers: call.query(({ ctx }) => ctx.workbench.containers.leftovers()),
  remove_leftovers: call.mutation(({ ctx }) => ctx.workbench.containers.removeLeftovers()),
  move_port: call
    .input(z.object({ service: z.string().min(1).max(100), from: Port, to: Port }))
    .mutation(({ ctx, input: { service, from, to } }) =>
      ctx.workbench.containers.movePort(service, from, to),
    ),
});

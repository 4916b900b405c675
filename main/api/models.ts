import { z } from "zod";
import { call, router } from "./trpc.ts";

const ByVersion = z.object({ name: z.string().min(1), version: z.string().min(1) });

export const models = router({
  list: call.query(({ ctx }) => ctx.workbench.models.list()),
  get: call
    .input(ByVersion)
    .query(({ ctx, input }) => ctx.workbench.models.get(input.name, input.version)),
  /** These two ask the registry, which may be away; the others do not. */
  aliases: call.query(({ ctx }) => ctx.workbench.models.aliases()),
  tags: call
    .input(ByVersion)
    .query(({ ctx, input }) => ctx.workbench.models.tags(input.name, input.version)),
  promote: call
    .input(ByVersion)
    .mutation(({ ctx, input }) => ctx.workbench.models.promote(input.name, input.version)),
});

import { z } from "zod";
import { ideaJsonSchema } from "../../contract/idea.ts";
import { call, router } from "./trpc.ts";

export const ideas = router({
  list: call.query(({ ctx }) => ctx.workbench.index.ideas.list()),
  templates: call.query(async ({ ctx }) => ({
    templates: await ctx.workbench.templates.list(),
    schema: ideaJsonSchema(),
  })),
  template: call
    .input(z.object({ template: z.string() }))
    .query(({ ctx, input }) => ctx.workbench.templates.get(input.template)),
});

import { z } from "zod";
import { PolicyName } from "../../contract/gate-policy.ts";
import { ideaJsonSchema } from "../../contract/idea.ts";
import { MAX_IDEA_CHARACTERS } from "../../contract/idea-limits.ts";
import { IdeaQuery } from "../../contract/idea-list.ts";
import { IdeaId, RunId } from "../../contract/ids.ts";
import { call, router } from "./trpc.ts";

const ByIdea = z.object({ idea: IdeaId });

export const ideas = router({
  /** Whole documents, for scripts. What a screen shows of ideas are pages of light rows. */
  list: call.query(({ ctx }) => ctx.workbench.index.ideas.list()),
  page: call.input(IdeaQuery).query(({ ctx, input }) => ctx.workbench.ideas.page(input)),
  facets: call.query(({ ctx }) => ctx.workbench.index.ideaList.facets()),
  yaml: call.input(ByIdea).query(({ ctx, input }) => ctx.workbench.ideas.yaml(input.idea)),
  /** Ideas to start from, filled in for the workspace's data, the best-fitting first. */
  suggestions: call.query(async ({ ctx }) => ({
    ...(await ctx.workbench.ideas.suggestions()),
    policies: ctx.workbench.policies.names(),
    schema: ideaJsonSchema(),
  })),
  /** The best-fitting idea for the demo data, whatever else the workspace has. */
  demo: call.query(({ ctx }) => ctx.workbench.ideas.demo()),
  /** Gate policies that an idea may name, the shipped ones first. */
  policies: call.query(({ ctx }) => ctx.workbench.policies.names()),
  policy: call
    .input(z.object({ name: PolicyName }))
    .query(({ ctx, input }) => ctx.workbench.policies.get(input.name)),
  /** Whether a short name is in use. */
  taken: call
    .input(ByIdea)
    .query(({ ctx, input }) => ctx.workbench.index.ideas.get(input.idea) !== null),
  compare: call
    .input(z.object({ runs: z.array(RunId).min(2).max(8) }))
    .query(({ ctx, input }) => ctx.workbench.ideas.compare(input.runs)),
  import: call
    .input(
      z.object({
        yaml: z.string().max(MAX_IDEA_CHARACTERS),
        file: z.string().max(255).default("idea.yaml"),
      }),
    )
    .mutation(({ ctx, input }) => ctx.workbench.ideas.import(input.yaml, input.file)),
  duplicate: call
    .input(ByIdea)
    .mutation(({ ctx, input }) => ctx.workbench.ideas.duplicate(input.idea)),
  archive: call
    .input(z.object({ ideas: z.array(IdeaId).min(1).max(1000), archived: z.boolean() }))
    .mutation(({ ctx, input }) => ctx.workbench.ideas.archive(input.ideas, input.archived)),
  templates: call.query(async ({ ctx }) => ({
    templates: await ctx.workbench.templates.list(),
    schema: ideaJsonSchema(),
  })),
  template: call
    .input(z.object({ template: z.string() }))
    .query(({ ctx, input }) => ctx.workbench.templates.get(input.template)),
});

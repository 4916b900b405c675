import { z } from "zod";
import { PositionsAsked, TradesAsked } from "../../contract/book-lines.ts";
import { IdeaId, RunId } from "../../contract/ids.ts";
import { StepName } from "../../contract/step.ts";
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
    .mutation(({ ctx, input }) => ctx.workbench.runs.start(input)),
  /** With that run's idea, as it was then; the document stays as it is now. */
  again: call.input(ByRun).mutation(({ ctx, input }) => ctx.workbench.runs.again(input.run)),
  watch: call
    .input(ByRun.extend({ from_seq: z.int().min(0).default(0) }))
    .subscription(({ ctx, input, signal }) =>
      ctx.workbench.pipeline.events(input.run, input.from_seq, signal),
    ),
  /** The report as one HTML text, which opens offline. */
  report: call.input(ByRun).query(({ ctx, input }) => ctx.workbench.runs.report(input.run)),
  result: call.input(ByRun).query(({ ctx, input }) => ctx.workbench.runs.result(input.run)),
  list: call.query(({ ctx }) => ctx.workbench.index.runs.list()),
  /** Those at work, the newest first. */
  working: call.query(({ ctx }) =>
    ctx.workbench.index.runs.list().filter(({ state }) => state === "running"),
  ),
  /** By the beginning of its id, or by words of its idea. */
  find: call
    .input(z.object({ text: z.string().max(200), limit: z.int().min(1).max(100).default(12) }))
    .query(({ ctx, input }) => ctx.workbench.index.runs.find(input.text, input.limit)),
  cancel: call.input(ByRun).mutation(({ ctx, input }) => ctx.workbench.pipeline.cancel(input.run)),
  resume: call.input(ByRun).mutation(({ ctx, input }) => ctx.workbench.runs.resume(input.run)),
  /** The newest runs of an idea, the newest first. */
  ofIdea: call
    .input(z.object({ idea: IdeaId, limit: z.int().min(1).max(100_000).default(100) }))
    .query(({ ctx, input }) => ctx.workbench.index.runs.ofIdea(input.idea, input.limit)),
  overview: call.input(ByRun).query(({ ctx, input }) => ctx.workbench.runs.overview(input.run)),
  findings: call.input(ByRun).query(({ ctx, input }) => ctx.workbench.evidence.findings(input.run)),
  features: call.input(ByRun).query(({ ctx, input }) => ctx.workbench.evidence.features(input.run)),
  models: call.input(ByRun).query(({ ctx, input }) => ctx.workbench.evidence.models(input.run)),
  validation: call
    .input(ByRun)
    .query(({ ctx, input }) => ctx.workbench.evidence.validation(input.run)),
  backtest: call.input(ByRun).query(({ ctx, input }) => ctx.workbench.evidence.backtest(input.run)),
  trades: call
    .input(ByRun.extend({ asked: TradesAsked }))
    .query(({ ctx, input }) => ctx.workbench.book.trades(input.run, input.asked)),
  positions: call
    .input(ByRun.extend({ asked: PositionsAsked }))
    .query(({ ctx, input }) => ctx.workbench.book.positions(input.run, input.asked)),
  verdict: call.input(ByRun).query(({ ctx, input }) => ctx.workbench.evidence.verdict(input.run)),
  step: call
    .input(ByRun.extend({ step: StepName }))
    .query(({ ctx, input }) => ctx.workbench.evidence.step(input.run, input.step)),
});

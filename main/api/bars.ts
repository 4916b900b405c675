import { z } from "zod";
import { Reading } from "../../contract/data.ts";
import { ContentKey } from "../../contract/ids.ts";
import { call, router } from "./trpc.ts";

const ByCheck = z.object({ version: ContentKey, check: ContentKey });
const ByVersion = z.object({ version: ContentKey, check: ContentKey.nullable() });

/** What is in versions and in sources. A version never changes, so nobody has to ask twice. */
export const bars = router({
  findings: call
    .input(ByCheck)
    .query(({ ctx, input }) => ctx.workbench.data.findings(input.version, input.check)),
  symbols: call
    .input(ByVersion)
    .query(({ ctx, input }) => ctx.workbench.data.symbols(input.version, input.check)),
  prices: call
    .input(ByVersion.extend({ symbol: z.string().min(1) }))
    .query(({ ctx, input }) => ctx.workbench.data.prices(input.version, input.check, input.symbol)),
  difference: call
    .input(z.object({ before: ContentKey, after: ContentKey }))
    .query(({ ctx, input }) => ctx.workbench.data.difference(input.before, input.after)),
  preview: call
    .input(z.object({ paths: z.array(z.string().min(1)).min(1), reading: Reading.default({}) }))
    .query(({ ctx, input }) => ctx.workbench.data.preview(input.paths, input.reading)),
});

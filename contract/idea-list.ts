import { z } from "zod";
import type { Idea } from "./idea.ts";
import { type DataSetName, IdeaId, RunId } from "./ids.ts";
import { type Metrics, type RunResult, RunState, Verdict } from "./run.ts";

/** What the list of ideas is asked for. Rows come in pages, since a workspace may hold thousands. */
export const IdeaQuery = z.object({
  /** Words that must all stand in the name, the short name or the description. */
  text: z.string().max(200).default(""),
  /** `none`: no run of the idea has come to a verdict. */
  verdicts: z.array(z.enum([...Verdict.options, "none"])).default([]),
  tags: z.array(z.string()).default([]),
  data: z.array(z.string()).default([]),
  archived: z.boolean().default(false),
  sort: z
    .object({
      by: z.enum(["activity", "name", "data", "verdict", "rank_ic", "sharpe_net"]),
      descending: z.boolean(),
    })
    .default({ by: "activity", descending: true }),
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(200).default(100),
});
export type IdeaQuery = z.infer<typeof IdeaQuery>;

/** One line about an idea. */
export const IdeaRow = z.object({
  id: IdeaId,
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  data: z.string(),
  target: z.string(),
  horizon: z.int(),
  strategy: z.string(),
  updated: z.string(),
  archived: z.string().nullable(),
  /** The newest run, whatever came of it. */
  last: z
    .object({
      run: RunId,
      state: RunState,
      started: z.string(),
      seconds: z.number().nullable(),
    })
    .nullable(),
  /** What the newest run that came to a verdict found. */
  judged: z
    .object({
      run: RunId,
      verdict: Verdict,
      rank_ic: z.number().nullable(),
      sharpe_net: z.number().nullable(),
    })
    .nullable(),
});
export type IdeaRow = z.infer<typeof IdeaRow>;

/** A line with the judged run's net equity, thinned for a small picture; empty where there is none. */
export type IdeaCard = IdeaRow & { equity: number[] };

export type IdeaPage = { total: number; rows: IdeaCard[] };

export type FacetValue = { value: string; ideas: number };

/** What the list can be narrowed by, with how many ideas each choice would leave. */
export type IdeaFacets = {
  total: number;
  archived: number;
  verdicts: FacetValue[];
  tags: FacetValue[];
  data: FacetValue[];
};

/** An idea to start from, filled in for the workspace's data. */
export type Suggestion = {
  template: string;
  name: string;
  description: string;
  tags: string[];
  data: DataSetName;
  yaml: string;
  /** Null where the data suit it; else what is in the way. */
  unfit: string | null;
};

/** What became of a file that was brought in. */
export type IdeaImport = {
  outcome: "added" | "there_already";
  id: IdeaId;
  name: string;
};

/** A run beside others: the idea as it stood on it, and what came out. */
export type ComparedRun = Pick<
  RunResult,
  "run" | "state" | "started" | "seconds" | "data" | "verdict" | "summary"
> & {
  idea: Idea;
  metrics: Metrics | null;
  /** The backtest step's summary: yearly return, drawdown, turnover and so on. */
  backtest: Readonly<Record<string, unknown>> | null;
  equity: { date: string[]; equity: (number | null)[] } | null;
};

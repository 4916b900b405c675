import { z } from "zod";
import { ContentKey, DataSetName, DeploymentId, IdeaId, RunId } from "./ids.ts";
import { Verdict } from "./run.ts";
import { StepName } from "./step.ts";

/** A version in the registry, as a list shows it. */
export const ModelLine = z.object({
  name: z.string(),
  version: z.string(),
  key: ContentKey.describe("Of its registration."),
  idea: IdeaId,
  idea_name: z.string().nullable().describe("Null once its run was removed."),
  run: RunId,
  verdict: Verdict,
  created: z.string(),
  rank_ic: z.number().nullable(),
  sharpe_net: z.number().nullable(),
  deflated_sharpe: z.number().nullable(),
  trials: z.int().nullable(),
  data_set: DataSetName.nullable(),
  data_version: z.int().nullable(),
  live: DeploymentId.nullable().describe("The deployment that serves it."),
});
export type ModelLine = z.infer<typeof ModelLine>;

/** Where a version came from: each step's artifact, and the code that made it. */
export const Lineage = z.object({
  data: z
    .object({ name: DataSetName, version: z.int(), rows: z.int(), symbols: z.int() })
    .nullable(),
  steps: z.array(
    z.object({
      step: StepName,
      key: ContentKey,
      version: z.string(),
      engine: z.string(),
      lock: z.string().describe("Hash of the environment's lock."),
      seconds: z.number(),
    }),
  ),
  deployments: z.array(z.object({ deployment: DeploymentId, state: z.string() })),
});
export type Lineage = z.infer<typeof Lineage>;

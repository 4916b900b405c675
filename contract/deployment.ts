import { z } from "zod";
import { DeploymentId, RunId } from "./ids.ts";
import { Verdict } from "./run.ts";

export const DeploymentState = z.enum(["starting", "live", "failed", "stopped"]);
export type DeploymentState = z.infer<typeof DeploymentState>;

export const Deployment = z.object({
  deployment: DeploymentId,
  run: RunId,
  model: z.string(),
  version: z.string(),
  endpoint: z.string().nullable().describe("Open Inference Protocol v2 URL on loopback."),
  state: DeploymentState,
  created: z.string(),
  ready_seconds: z.number().nullable(),
  verdict: Verdict.nullable().describe("On its run; null where that is not known any more."),
  against_verdict: z
    .string()
    .nullable()
    .describe("Why it was deployed, although the verdict is not deploy."),
});
export type Deployment = z.infer<typeof Deployment>;

/** Open Inference Protocol v2 request and response, the parts that are used here. */
export const InferTensor = z.object({
  name: z.string(),
  shape: z.array(z.int()),
  datatype: z.string(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  /** null is a missing value, which JSON has no number for. */
  data: z.array(z.union([z.number(), z.string(), z.boolean(), z.null()])),
});
export const InferRequest = z.object({
  id: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  inputs: z.array(InferTensor).min(1),
});
export type InferRequest = z.infer<typeof InferRequest>;
export const InferResponse = z.object({
  model_name: z.string(),
  model_version: z.string().nullish(),
  id: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  outputs: z.array(InferTensor),
});
export type InferResponse = z.infer<typeof InferResponse>;

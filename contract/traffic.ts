import { z } from "zod";

/** One answered request, as the router writes it down. */
export const ServedRequest = z.object({
  time: z.string(),
  correlation_id: z.string(),
  deployment: z.string(),
  model: z.string(),
  version: z.string(),
  status: z.int(),
  milliseconds: z.number(),
  bytes_in: z.number(),
  bytes_out: z.number(),
  code: z.string().optional().describe("Of the problem, where there was one."),
});
export type ServedRequest = z.infer<typeof ServedRequest>;

/** What a deployment did in one stretch of time; latencies are exact, in milliseconds. */
export const TrafficPoint = z.object({
  time: z.number().describe("Begin of the stretch, in milliseconds since 1970."),
  requests: z.int(),
  errors: z.int(),
  p50: z.number().nullable(),
  p99: z.number().nullable(),
});
export type TrafficPoint = z.infer<typeof TrafficPoint>;

/** The traffic of a deployment over the last minutes. */
export const Traffic = z.object({
  point_seconds: z.number(),
  points: z.array(TrafficPoint).describe("The oldest first; stretches without requests included."),
  last: z.array(ServedRequest).describe("The newest first."),
});
export type Traffic = z.infer<typeof Traffic>;

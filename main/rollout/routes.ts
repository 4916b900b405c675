import { z } from "zod";

/** Where the router sends a deployment's requests. */
export const Route = z.object({
  deployment: z.string().min(1),
  model: z.string().min(1),
  version: z.string().min(1),
  /** Port of the model server on loopback. */
  port: z.int().min(1).max(65_535),
  timeout_ms: z.int().min(1).default(10_000),
});
export type Route = z.infer<typeof Route>;

/** The router's configuration file, written by the workbench and read by the router. */
export const RoutesFile = z.object({ routes: z.array(Route) });
export type RoutesFile = z.infer<typeof RoutesFile>;

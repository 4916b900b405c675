import { z } from "zod";

/** Where the router sends a deployment's requests. */
export const Route = z.object({
  deployment: z.string().min(1),
  model: z.string().min(1),
  version: z.string().min(1),
  /** Where the router reaches the model server: loopback, or a name of the containers' network. */
  host: z.string().min(1).default("127.0.0.1"),
  port: z.int().min(1).max(65_535),
  timeout_ms: z.int().min(1).default(10_000),
});
export type Route = z.infer<typeof Route>;

/** The router's configuration file, written by the workbench and read by the router. */
export const RoutesFile = z.object({ routes: z.array(Route) });
export type RoutesFile = z.infer<typeof RoutesFile>;

import { z } from "zod";
import type { PlannedService } from "./plan.ts";

const XService = z.object({
  title: z.string().catch(""),
  page: z.string().optional().catch(undefined),
  step: z.boolean().catch(false),
});

/**
 * What `x-service` says of a service: what it is for, the path of a page that a person can open, and
 * whether it is a step, there to do something once. Compose files of others say nothing of it.
 */
export function xService({ extensions }: PlannedService): z.infer<typeof XService> {
  return XService.parse(extensions["x-service"] ?? {});
}

import { z } from "zod";
import { Problem } from "./problem.ts";

/** A service of the stack, as the screens and `stack ps` show it, whoever supervises it. */
export const ServiceView = z.object({
  service: z.string(),
  /** What it is for, in words. */
  title: z.string(),
  /** The profiles that bring it up; the first is the one that it is shown under. */
  profiles: z.array(z.string()).min(1),
  supervisor: z.enum(["native", "docker"]),
  state: z.enum(["stopped", "starting", "ready", "backing_off", "failed", "stopping"]),
  /** What its health check says, where it has one. */
  health: z.enum(["none", "starting", "healthy", "unhealthy"]),
  /** When it came into this state, ISO 8601. */
  since: z.string(),
  pid: z.int().nullable(),
  ports: z.record(z.string(), z.int()),
  depends_on: z.array(z.string()),
  /** Restarts after crashes since it was last started by hand. */
  restarts: z.int(),
  /** A page of it that a person can open, while it is ready. */
  page: z.string().nullable(),
  log: z.string(),
  /** What a person should know although it works, such as a port that had to move. */
  notices: z.array(z.string()),
  problem: Problem.nullable(),
});
export type ServiceView = z.infer<typeof ServiceView>;

/** CPU as a share of one core (2 = two cores busy), resident memory in bytes, of the whole tree. */
export const ServiceUsage = z.object({ cpu: z.number(), memory: z.number() });
export type ServiceUsage = z.infer<typeof ServiceUsage>;

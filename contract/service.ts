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
  /** `away`: whoever would know, such as the Docker daemon, does not answer. */
  state: z.enum(["stopped", "starting", "ready", "backing_off", "failed", "stopping", "away"]),
  /** What its health check says, where it has one. */
  health: z.enum(["none", "starting", "healthy", "unhealthy"]),
  /** When it came into this state, ISO 8601; null if it was never started. */
  since: z.string().nullable(),
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
export const ServiceUsage = ServiceView.pick({ service: true, supervisor: true }).extend({
  cpu: z.number(),
  memory: z.number(),
});
export type ServiceUsage = z.infer<typeof ServiceUsage>;

/** Services that are brought up together, and who can run them. */
export const ProfileView = z.object({
  profile: z.string(),
  services: z.array(z.string()),
  supervisors: z.array(ServiceView.shape.supervisor),
});
export type ProfileView = z.infer<typeof ProfileView>;

/** What can be done about a daemon that does not answer, told before it is done. */
export const Remedy = z.object({
  title: z.string(),
  /** What it will do, in words. */
  does: z.string(),
  command: z.array(z.string()).min(1),
  /** Whether the workbench can give the command; otherwise a person has to, in a terminal. */
  can_run: z.boolean(),
});
export type Remedy = z.infer<typeof Remedy>;

/** The Docker daemon of this machine, or why none answers. */
export const DockerView = z.object({
  version: z.string().nullable(),
  /** Where it was found, such as `unix:///var/run/docker.sock`. */
  address: z.string().nullable(),
  problem: Problem.nullable(),
  remedy: Remedy.nullable(),
});
export type DockerView = z.infer<typeof DockerView>;

const Leftover = z.object({ name: z.string(), bytes: z.number() });

/** What the workspace's project has left on the daemon and needs no more; never data. */
export const Leftovers = z.object({ containers: z.array(Leftover), images: z.array(Leftover) });
export type Leftovers = z.infer<typeof Leftovers>;

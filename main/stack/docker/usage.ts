import type Docker from "dockerode";
import type { ServiceUsage } from "../../../contract/service.ts";

/** A daemon that does not answer must not keep the figures of processes from being shown. */
const ANSWER_MS = 5000;

export type Usage = Pick<ServiceUsage, "cpu" | "memory">;

type Stats = Pick<Docker.ContainerStats, "cpu_stats" | "precpu_stats" | "memory_stats">;

/** What a container uses, from one of the daemon's samples, which holds the one before it. */
export function usageOf(stats: Stats): Usage | undefined {
  const { cpu_stats: now, precpu_stats: before, memory_stats: memory } = stats;
  const system = (now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0);
  const used = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  if (memory.usage === undefined) return undefined;
  const cores = now.online_cpus || now.cpu_usage.percpu_usage?.length || 1;
  // Pages of files that could be given back at once are not the program's.
  const cached = memory.stats?.inactive_file ?? memory.stats?.total_inactive_file ?? 0;
  return {
    cpu: system > 0 && used > 0 ? (used / system) * cores : 0,
    memory: Math.max(0, memory.usage - cached),
  };
}

/** What some containers use at this moment, by service; those that do not tell are left out. */
export async function measureUsage(
  docker: Docker,
  containers: readonly { id: string; service: string }[],
): Promise<Map<string, Usage>> {
  const found = new Map<string, Usage>();
  await Promise.all(
    containers.map(async ({ id, service }) => {
      // The daemon takes two samples a second apart. Its client's types know of no signal here.
      const options = { stream: false as const, abortSignal: AbortSignal.timeout(ANSWER_MS) };
      const stats = await docker
        .getContainer(id)
        .stats(options)
        .catch(() => undefined);
      const usage = stats && usageOf(stats);
      if (!usage) return;
      const other = found.get(service) ?? { cpu: 0, memory: 0 };
      found.set(service, { cpu: other.cpu + usage.cpu, memory: other.memory + usage.memory });
    }),
  );
  return found;
}

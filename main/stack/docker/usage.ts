import type Docker from "dockerode";
import type { ServiceUsage } from "../../../contract/service.ts";

type Stats = Pick<Docker.ContainerStats, "cpu_stats" | "precpu_stats" | "memory_stats">;

/** What a container uses, from one of the daemon's samples, which holds the one before it. */
export function usageOf(stats: Stats): ServiceUsage | undefined {
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

/** Samples of some containers, by service, for as long as somebody iterates. */
export async function* watchUsage(
  docker: Docker,
  containers: () => readonly { id: string; service: string }[],
  signal: AbortSignal,
): AsyncGenerator<Record<string, ServiceUsage>> {
  while (!signal.aborted) {
    const found: Record<string, ServiceUsage> = {};
    await Promise.all(
      containers().map(async ({ id, service }) => {
        const stats = await docker
          .getContainer(id)
          // The daemon takes two samples a second apart, which is also the pace of this loop.
          .stats({ stream: false })
          .catch(() => undefined);
        const usage = stats && usageOf(stats);
        if (!usage) return;
        const other = found[service];
        found[service] = other
          ? { cpu: other.cpu + usage.cpu, memory: other.memory + usage.memory }
          : usage;
      }),
    );
    if (signal.aborted) return;
    yield found;
    if (containers().length === 0) await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

import pidtree from "pidtree";
import pidusage from "pidusage";

export type ProcessUsage = { cpu: number; memory: number };

/**
 * What a process and everything that it started use at the moment: CPU as a share of one core since
 * the last look, resident memory in bytes (what they share is counted once a process).
 *
 * @returns null where the process has ended
 */
export async function usageOfTree(pid: number): Promise<ProcessUsage | null> {
  const pids = await pidtree(pid, { root: true }).catch(() => [pid]);
  const found = await pidusage(pids).catch(() => null);
  const all = Object.values(found ?? {}).filter((one) => one?.memory > 0);
  if (all.length === 0) return null;
  return {
    cpu: all.reduce((sum, one) => sum + one.cpu, 0) / 100,
    memory: all.reduce((sum, one) => sum + one.memory, 0),
  };
}

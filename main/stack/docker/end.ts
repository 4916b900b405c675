import type Docker from "dockerode";
import { dependentsOf, type Plan } from "../plan.ts";
import { statusOf } from "./errors.ts";
import type { Observed } from "./observed.ts";

interface Surroundings {
  readonly docker: Docker;
  readonly plan: Plan;
  readonly containers: readonly Observed[];
  readonly signal: AbortSignal;
}

/** Ends the containers of services, dependents first; with `remove`, they are gone afterwards. */
export async function endServices(
  around: Surroundings,
  names: readonly string[],
  options: { remove: boolean },
): Promise<void> {
  const { docker, plan, containers, signal } = around;
  const ended = new Map<string, Promise<void>>();
  const end = (name: string): Promise<void> => {
    let ending = ended.get(name);
    if (!ending) {
      const before = dependentsOf(plan, name).filter((one) => names.includes(one));
      ending = Promise.all(before.map(end)).then(() => endContainers(name));
      ended.set(name, ending);
    }
    return ending;
  };
  const endContainers = async (name: string) => {
    const own = containers.filter(({ service, oneOff }) => service === name && !oneOff);
    await Promise.all(
      own.map(async ({ id, state }) => {
        signal.throwIfAborted();
        const container = docker.getContainer(id);
        if (state === "paused") await container.unpause().catch(unlessGone);
        if (state !== "created" && state !== "exited") await container.stop().catch(unlessGone);
        if (options.remove) await container.remove({ force: true, v: false }).catch(unlessGone);
      }),
    );
  };
  await allSettled(names.map(end));
}

/** Waits for all, also after one has failed, so that nothing goes on behind the caller's back. */
export async function allSettled<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work);
  const failed = results.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
  return results.map((one) => (one as PromiseFulfilledResult<T>).value);
}

function unlessGone(error: unknown): void {
  const status = statusOf(error);
  if (status !== 304 && status !== 404 && status !== 409) throw error;
}

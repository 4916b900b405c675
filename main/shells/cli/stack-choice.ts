import { Option } from "commander";
import type { Client } from "./attach.ts";
import { StackProgressLine } from "./stack-progress.ts";

export type StackChoice = { stack?: "native" | "docker" };

/** Without it, services run as they did last in this workspace: at first, as processes. */
export function stackOption(): Option {
  return new Option(
    "--stack <supervisor>",
    "run the workspace's services as plain processes or in containers from now on",
  ).choices(["native", "docker"]);
}

export async function takeStack(client: Client, { stack }: StackChoice): Promise<void> {
  if (!stack) return;
  await withStackProgress(client, () => client.stack.use.mutate({ supervisor: stack }));
}

/** Shows what is being done to containers while `work` is under way. */
export async function withStackProgress<T>(client: Client, work: () => Promise<T>): Promise<T> {
  const line = new StackProgressLine();
  const { promise: connected, resolve } = Promise.withResolvers<void>();
  const watching = client.stack.progress.subscribe(undefined, {
    onStarted: () => resolve(),
    onData: (events) => {
      for (const event of events) line.show(event);
    },
    onError: () => resolve(),
  });
  try {
    await connected;
    return await work();
  } finally {
    watching.unsubscribe();
    line.end();
  }
}

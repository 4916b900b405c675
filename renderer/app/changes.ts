import { useQueryClient } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import type { Noun } from "../../contract/noun.ts";
import { trpc } from "./api.ts";

/** The queries that show each noun. A router of the API is refetched as a whole. */
const ROUTERS_OF: Record<Noun, readonly (keyof typeof ROUTER_KEYS)[]> = {
  ideas: ["ideas"],
  runs: ["runs", "ideas"],
  data: ["data"],
  models: ["models"],
  deployments: ["deployments", "ideas", "models"],
  trials: ["data"],
  stack: ["stack", "system"],
  settings: ["settings"],
};

const ROUTER_KEYS = {
  data: () => trpc.data.pathKey(),
  deployments: () => trpc.deployments.pathKey(),
  ideas: () => trpc.ideas.pathKey(),
  models: () => trpc.models.pathKey(),
  runs: () => trpc.runs.pathKey(),
  settings: () => trpc.settings.pathKey(),
  stack: () => trpc.stack.pathKey(),
  system: () => trpc.system.pathKey(),
};

/** Refetches what is on the screen whenever the core says that it changed. */
export function useChanges(): void {
  const queries = useQueryClient();
  useSubscription(
    trpc.system.changes.subscriptionOptions(undefined, {
      onData: (nouns) => {
        // The first, empty set comes with each new connection: anything may have been missed.
        if (nouns.length === 0) void queries.invalidateQueries();
        const routers = new Set(nouns.flatMap((noun) => ROUTERS_OF[noun]));
        for (const router of routers) {
          void queries.invalidateQueries({ queryKey: ROUTER_KEYS[router]() });
        }
      },
    }),
  );
}

import { useQueryClient } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import type { Noun } from "../../contract/noun.ts";
import { trpc } from "./api.ts";
import { showProblem } from "./problems.ts";

/** The queries that show each noun: a router of the API as a whole, or the one that is named. */
const SHOWN_BY: Record<Noun, readonly (keyof typeof KEYS)[]> = {
  ideas: ["ideas", "counts"],
  runs: ["runs", "ideas", "status"],
  data: ["data", "counts"],
  models: ["models", "counts"],
  deployments: ["deployments", "ideas", "models", "status"],
  trials: ["data"],
  stack: ["stack", "status"],
  settings: ["settings"],
};

const KEYS = {
  counts: () => trpc.system.counts.pathKey(),
  data: () => trpc.data.pathKey(),
  deployments: () => trpc.deployments.pathKey(),
  ideas: () => trpc.ideas.pathKey(),
  models: () => trpc.models.pathKey(),
  runs: () => trpc.runs.pathKey(),
  settings: () => trpc.settings.pathKey(),
  stack: () => trpc.stack.pathKey(),
  status: () => trpc.system.status.pathKey(),
};

/** Refetches what is on the screen whenever the core says that it changed. */
export function useChanges(): void {
  const queries = useQueryClient();
  useSubscription(
    trpc.system.changes.subscriptionOptions(undefined, {
      onError: showProblem,
      onData: (nouns) => {
        // The first, empty set comes with each new connection: anything may have been missed.
        if (nouns.length === 0) void queries.invalidateQueries();
        for (const shown of new Set(nouns.flatMap((noun) => SHOWN_BY[noun]))) {
          void queries.invalidateQueries({ queryKey: KEYS[shown]() });
        }
      },
    }),
  );
}

import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import type { Api } from "../../main/api/index.ts";
import { useConnection } from "../state/connection.ts";
import { showProblem } from "./problems.ts";

/** Longest pause between two attempts to reach the core again. */
const MAX_RETRY_MS = 5000;

const socket = createWSClient({
  url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api`,
  retryDelayMs: (attempt) => Math.min(250 * 2 ** attempt, MAX_RETRY_MS),
  keepAlive: { enabled: true, intervalMs: 10_000, pongTimeoutMs: 3000 },
  onOpen: () => useConnection.getState().opened(),
  onClose: () => useConnection.getState().closed(),
});

export const client = createTRPCClient<Api>({ links: [wsLink({ client: socket })] });

/**
 * What the core owns is asked for once and kept until the core says that it changed (see
 * `changes.ts`): nothing here is fetched by a timer.
 */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    // The first failure is shown where the data would stand; one in the background has no place.
    onError: (error, query) => {
      if (query.state.data !== undefined) showProblem(error);
    },
  }),
  mutationCache: new MutationCache({
    onError: (error, _variables, _result, mutation) => {
      if (!mutation.options.onError) showProblem(error);
    },
  }),
  defaultOptions: {
    queries: { staleTime: Number.POSITIVE_INFINITY, retry: false, refetchOnWindowFocus: false },
    mutations: { retry: false },
  },
});

/** `useQuery(trpc.runs.list.queryOptions())`, `useMutation(trpc.runs.start.mutationOptions())`. */
export const trpc = createTRPCOptionsProxy<Api>({ client, queryClient });

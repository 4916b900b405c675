import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import type { Api } from "../../main/api/index.ts";
import { useConnection } from "../state/connection.ts";
import { bridgeSocket } from "./bridge-socket.ts";
import { watchHeartbeat } from "./heartbeat.ts";
import { isUnreachable, showProblem } from "./problems.ts";
import { hasSession } from "./session.ts";

/** Longest pause between two attempts to reach the core again. */
const MAX_RETRY_MS = 1000;

const { become } = useConnection.getState();
const bridge = window.breadthflow;

/** In Electron's window the bridge carries what is a WebSocket's elsewhere. */
const socket = createWSClient({
  url: bridge ? "bridge:" : `ws://${location.host}/api`,
  ...(bridge ? { WebSocket: bridgeSocket(bridge) } : {}),
  retryDelayMs: (attempt) => Math.min(100 * 2 ** attempt, MAX_RETRY_MS),
  keepAlive: { enabled: true, intervalMs: 10_000, pongTimeoutMs: 5000 },
  onOpen: () => become("open"),
  onClose: () => void closed(),
});

export const client = createTRPCClient<Api>({ links: [wsLink({ client: socket })] });

async function closed(): Promise<void> {
  become("lost");
  const known = bridge !== undefined || (await hasSession().catch(() => true));
  if (!known) become("refused");
}

/** A core that hangs keeps its connection open: only an answer shows that it is there. */
watchHeartbeat({
  beat: () => client.system.ping.query(),
  onSilence: () => become("lost"),
  onAnswer: () => become("open"),
});

/**
 * What the core owns is asked for once and kept until the core says that it changed (see
 * `changes.ts`): nothing here is fetched by a timer.
 */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    // The first failure is shown where the data would stand; one in the background has no place,
    // nor has one of data that only stand beside others.
    onError: (error, query) => {
      if (query.state.data !== undefined) showProblem(error);
      // That the core cannot be reached stands over the screen already.
      else if (query.meta?.aside && !isUnreachable(error)) showProblem(error);
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

/** For a query whose data have no place of their own, where its failure would be read. */
export const ASIDE = { meta: { aside: true } };

/** `useQuery(trpc.runs.list.queryOptions())`, `useMutation(trpc.runs.start.mutationOptions())`. */
export const trpc = createTRPCOptionsProxy<Api>({ client, queryClient });

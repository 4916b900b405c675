import { useSubscription } from "@trpc/tanstack-react-query";
import { useMemo } from "react";
import type { ServiceUsage } from "../../../contract/service.ts";
import { trpc } from "../../app/api.ts";
import { showProblem } from "../../app/problems.ts";
import { keyOf } from "./which.ts";

/** By the key of a service. */
export type Usage = ReadonlyMap<string, ServiceUsage>;

/** What each running service uses; measured only while this is on the screen. */
export function useUsage(): Usage {
  const { data } = useSubscription(
    trpc.stack.usage.subscriptionOptions(undefined, { onError: showProblem }),
  );
  return useMemo(() => new Map((data ?? []).map((one) => [keyOf(one), one])), [data]);
}

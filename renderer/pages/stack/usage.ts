import { useSubscription } from "@trpc/tanstack-react-query";
import type { ServiceUsage } from "../../../contract/service.ts";
import { trpc } from "../../app/api.ts";

export type Usage = Record<string, ServiceUsage>;

/** What each running service uses; measured only while this is on the screen. */
export function useUsage(): Usage {
  const { data } = useSubscription(trpc.stack.usage.subscriptionOptions());
  return data ?? {};
}

import { useSubscription } from "@trpc/tanstack-react-query";
import type { DeploymentId } from "../../../contract/ids.ts";
import type { Traffic } from "../../../contract/traffic.ts";
import { trpc } from "../../app/api.ts";

/** The traffic of a deployment as it is; the core looks at it only while this is mounted. */
export function useTraffic(deployment: DeploymentId): Traffic | null {
  const { data } = useSubscription(trpc.deployments.traffic.subscriptionOptions({ deployment }));
  return data ?? null;
}

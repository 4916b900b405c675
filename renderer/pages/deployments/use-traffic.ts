import { useSubscription } from "@trpc/tanstack-react-query";
import type { DeploymentId } from "../../../contract/ids.ts";
import type { Problem } from "../../../contract/problem.ts";
import type { Traffic } from "../../../contract/traffic.ts";
import { trpc } from "../../app/api.ts";
import { problemIn } from "../../app/problems.ts";

/** The traffic of a deployment, or why it cannot be seen. */
export type Followed = { traffic: Traffic | null; problem: Problem | null };

/** The traffic as it is; the core looks at it only while this is mounted. */
export function useTraffic(deployment: DeploymentId): Followed {
  const { data, error } = useSubscription(
    trpc.deployments.traffic.subscriptionOptions({ deployment }),
  );
  return { traffic: data ?? null, problem: error ? problemIn(error) : null };
}

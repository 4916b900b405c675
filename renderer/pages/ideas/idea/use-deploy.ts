import { useMutation, useQuery } from "@tanstack/react-query";
import type { Deployment } from "../../../../contract/deployment.ts";
import type { Problem } from "../../../../contract/problem.ts";
import type { RunOverview } from "../../../../contract/run.ts";
import { ASIDE, trpc } from "../../../app/api.ts";
import { problemIn } from "../../../app/problems.ts";

/** How far the run's model has come on its way into use, whichever window sends it there. */
export type Deploying = {
  /** The record of this idea's deployment, if it ever had one. */
  deployment: Deployment | null;
  /** What is being served, or was, is this run's model. */
  isOurs: boolean;
  state: "none" | "starting" | "live";
  /** Epoch milliseconds at which this window sent it. */
  since: number | null;
  problem: Problem | null;
  deploy: (reason?: string) => void;
};

export function useDeploy({ run, idea, model }: RunOverview): Deploying {
  const list = useQuery(trpc.deployments.list.queryOptions(undefined, ASIDE));
  const sending = useMutation(
    trpc.deployments.deploy.mutationOptions({
      // Told where the person looks, under the head of the screen.
      onError: () => undefined,
    }),
  );
  const deployment = list.data?.find(({ deployment }) => String(deployment) === idea.id) ?? null;
  const isOurs =
    deployment !== null &&
    model !== null &&
    deployment.model === model.name &&
    deployment.version === model.version;
  const starting = sending.isPending || (isOurs && deployment.state === "starting");
  return {
    deployment,
    isOurs,
    state: starting ? "starting" : isOurs && deployment.state === "live" ? "live" : "none",
    since: sending.isPending ? sending.submittedAt : null,
    problem: sending.isError ? problemIn(sending.error) : null,
    deploy: (reason) =>
      sending.mutate(reason === undefined ? { run } : { run, against_verdict: reason }),
  };
}

import { useMutation } from "@tanstack/react-query";
import { useLocation } from "wouter";
import type { RunOverview } from "../../../../contract/run.ts";
import { trpc } from "../../../app/api.ts";

/** What can be done with a run beside deploying its model. */
export function useRunActions({ run, idea }: RunOverview) {
  const [, navigate] = useLocation();
  const test = useMutation(
    trpc.runs.start.mutationOptions({
      onSuccess: (started) => navigate(`/${idea.id}/runs/${started.run}`),
    }),
  );
  const cancel = useMutation(trpc.runs.cancel.mutationOptions());
  const resume = useMutation(trpc.runs.resume.mutationOptions());
  return {
    // A JSON document is a YAML document.
    test: () => test.mutate({ yaml: JSON.stringify(idea), file: `${idea.id}.idea.yaml` }),
    cancel: () => cancel.mutate({ run }),
    isCancelling: cancel.isPending,
    resume: () => resume.mutate({ run }),
  };
}

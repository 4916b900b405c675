import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "wouter";
import type { RunOverview } from "../../../../contract/run.ts";
import { trpc } from "../../../app/api.ts";
import { saveFile } from "../../../parts/save-file.ts";

/** What can be done with a run beside deploying its model. */
export function useRunActions({ run, idea }: RunOverview) {
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const test = useMutation(
    trpc.runs.again.mutationOptions({
      onSuccess: (started) => navigate(`/${idea.id}/runs/${started.run}`),
    }),
  );
  const cancel = useMutation(trpc.runs.cancel.mutationOptions());
  const resume = useMutation(trpc.runs.resume.mutationOptions());
  const report = useMutation({
    mutationFn: async () => {
      // Megabytes that nothing else shows: not to be kept.
      const asked = { ...trpc.runs.report.queryOptions({ run }), staleTime: 0, gcTime: 0 };
      const { file, html } = await queries.fetchQuery(asked);
      saveFile(file, html, "text/html");
    },
  });
  return {
    test: () => test.mutate({ run }),
    cancel: () => cancel.mutate({ run }),
    isCancelling: cancel.isPending,
    resume: () => resume.mutate({ run }),
    edit: () => navigate(`/new/${idea.id}`),
    compare: () => navigate(`/compare/${run}`),
    saveReport: () => report.mutate(),
    isSavingReport: report.isPending,
  };
}

export type RunActions = ReturnType<typeof useRunActions>;

import { useSubscription } from "@trpc/tanstack-react-query";
import type { DataImport } from "../../../contract/data.ts";
import { trpc } from "../../app/api.ts";
import { showProblem } from "../../app/problems.ts";

/** The core's imports as they go, the newest first; those of other windows too. */
export function useImports(): readonly DataImport[] {
  const options = trpc.data.imports.subscriptionOptions(undefined, { onError: showProblem });
  return useSubscription(options).data ?? [];
}

import { useSubscription } from "@trpc/tanstack-react-query";
import type { DataImport } from "../../../contract/data.ts";
import { trpc } from "../../app/api.ts";

/** The core's imports as they go, the newest first; those of other windows too. */
export function useImports(): readonly DataImport[] {
  return useSubscription(trpc.data.imports.subscriptionOptions()).data ?? [];
}

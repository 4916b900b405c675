import type { inferRouterOutputs } from "@trpc/server";
import type { Api } from "../../../../../main/api/index.ts";

type Runs = inferRouterOutputs<Api>["runs"];

/** What the core answers for a tab, when there is something to show. */
export type Answered<Call extends keyof Runs> = NonNullable<Runs[Call]>;

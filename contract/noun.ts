import { z } from "zod";

/** What the core tells its clients of a change in; they ask again for what they show of it. */
export const Noun = z.enum([
  "ideas",
  "runs",
  "data",
  "models",
  "deployments",
  "trials",
  "stack",
  "settings",
]);
export type Noun = z.infer<typeof Noun>;

import { bars } from "./bars.ts";
import { data } from "./data.ts";
import { deployments } from "./deployments.ts";
import { docker } from "./docker.ts";
import { ideas } from "./ideas.ts";
import { models } from "./models.ts";
import { runs } from "./runs.ts";
import { settings } from "./settings.ts";
import { stack } from "./stack.ts";
import { system } from "./system.ts";
import { router } from "./trpc.ts";

/** The one typed API of the workbench; every shell drives the product through it. */
export const api = router({
  bars,
  data,
  deployments,
  docker,
  ideas,
  models,
  runs,
  settings,
  stack,
  system,
});
export type Api = typeof api;

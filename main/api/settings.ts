import { z } from "zod";
import { Settings } from "../../contract/settings.ts";
import { ENVIRONMENT_NAMES } from "../runtime/environments.ts";
import { call, router } from "./trpc.ts";

const ByEnvironment = z.object({ environment: z.enum(ENVIRONMENT_NAMES) });

export const settings = router({
  get: call.query(({ ctx }) => ctx.workbench.upkeep.settings()),
  set: call
    .input(Settings)
    .mutation(({ ctx, input }) => ctx.workbench.upkeep.changeSettings(input)),
  environments: call.query(({ ctx }) => ctx.workbench.upkeep.environments.list()),
  install: call
    .input(ByEnvironment)
    .mutation(({ ctx, input }) => ctx.workbench.upkeep.environments.install(input.environment)),
  repair: call
    .input(ByEnvironment)
    .mutation(({ ctx, input }) => ctx.workbench.upkeep.environments.repair(input.environment)),
  remove: call
    .input(ByEnvironment)
    .mutation(({ ctx, input }) => ctx.workbench.upkeep.environments.remove(input.environment)),
  /** Names only: a value that is set is never shown again. */
  secrets: call.query(({ ctx }) => ctx.workbench.upkeep.secretNames()),
  replace_secret: call
    .input(z.object({ name: z.string().min(1), value: z.string().min(16).max(4096).optional() }))
    .mutation(({ ctx, input }) => ctx.workbench.upkeep.replaceSecret(input.name, input.value)),
  disk: call.query(({ ctx }) => ctx.workbench.upkeep.disk()),
  licences: call.query(({ ctx }) => ctx.workbench.upkeep.licences()),
  diagnostics: call.query(({ ctx }) => ctx.workbench.upkeep.diagnostics()),
});

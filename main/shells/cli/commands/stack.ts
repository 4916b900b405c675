import { join } from "node:path";
import type { Command } from "commander";
import { canonical } from "../../../stack/compose/canonical.ts";
import { loadPlan } from "../../../stack/compose/load.ts";

const BUNDLE = join(import.meta.dirname, "../../../../compose-bundles/compose.yaml");

export function addStack(program: Command): void {
  const stack = program.command("stack").description("the services around the workbench");

  stack
    .command("config")
    .description("print the stack's compose files as one canonical document")
    .option("-f, --file <file...>", "compose files; without, those of the product")
    .option("--profile <name...>", "profiles to take in")
    .action((given: { file?: string[]; profile?: string[] }) => {
      const plan = loadPlan({
        files: given.file ?? [BUNDLE],
        environment: process.env,
        ...(given.profile ? { profiles: given.profile } : {}),
      });
      for (const warning of plan.warnings) process.stderr.write(`${warning}\n`);
      process.stdout.write(`${JSON.stringify(canonical(plan), null, 2)}\n`);
    });
}

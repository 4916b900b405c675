import type { Command } from "commander";
import { attached, type GlobalOptions, print, workspaceOf } from "../session.ts";
import { table } from "../terminal.ts";

export function addModels(program: Command): void {
  program
    .command("models")
    .description("registered model versions, each with the run that made it")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await attached(workspaceOf(options), async (client) => {
        const all = await client.models.list.query();
        print(options, all, () =>
          table(
            ["MODEL", "VERSION", "VERDICT", "IDEA", "RUN", "CREATED"],
            all.map((one) => [one.name, one.version, one.verdict, one.idea, one.run, one.created]),
          ),
        );
      });
    });
}

import type { Command } from "commander";
import { examine } from "../../../runtime/doctor.ts";
import { stackChecks } from "../../../stack/doctor/stack-checks.ts";
import { attachIfOwned } from "../attach.ts";
import { checkLines } from "../check-lines.ts";
import { type GlobalOptions, print, workspaceOf } from "../session.ts";
import { table } from "../terminal.ts";

export function addSystem(program: Command): void {
  program
    .command("doctor")
    .description("what this machine has and lacks, and what to do about it")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const workspace = workspaceOf(options);
      const owner = await attachIfOwned(workspace);
      const services = owner ? (await owner.client.system.status.query()).services : [];
      const inUse = owner ? await owner.client.stack.memory.query() : 0;
      const stack = await stackChecks({ workspace, profiles: ["core"], inUse });
      const checks = [...examine(workspace), ...stack];
      await owner?.close();
      print(options, { workspace, checks, services }, () =>
        [
          checkLines(checks),
          "",
          services.length === 0
            ? `Nothing runs in ${workspace}.`
            : table(
                ["SERVICE", "STATE", "PORT"],
                services.map((one) => [one.name, one.state, one.port]),
              ),
          ...services.flatMap(({ name, notices }) => notices.map((one) => `  ${name}: ${one}`)),
        ].join("\n"),
      );
      if (checks.some((one) => one.state === "missing")) process.exitCode = 1;
    });
}

import type { Command } from "commander";
import { examine } from "../../../runtime/doctor.ts";
import { attachIfOwned } from "../attach.ts";
import { type GlobalOptions, print, workspaceOf } from "../session.ts";
import { styled, table } from "../terminal.ts";

const MARKS = { ok: "✓", note: "·", warning: "!", missing: "✗" } as const;
const COLOURS = { ok: "green", note: "dim", warning: "yellow", missing: "red" } as const;

export function addSystem(program: Command): void {
  program
    .command("doctor")
    .description("what this machine has and lacks, and what to do about it")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const workspace = workspaceOf(options);
      const checks = examine(workspace);
      const owner = await attachIfOwned(workspace);
      const services = owner ? (await owner.client.system.status.query()).services : [];
      await owner?.close();
      print(options, { workspace, checks, services }, () =>
        [
          ...checks.map(
            (one) =>
              `${styled(COLOURS[one.state], MARKS[one.state])} ${one.name.padEnd(22)} ${one.found}` +
              (one.hint ? `\n  ${" ".repeat(22)} ${one.hint}` : ""),
          ),
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

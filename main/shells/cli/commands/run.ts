import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { RunId } from "../../../../contract/ids.ts";
import { WorkbenchError } from "../../../../contract/problem.ts";
import type { RunResult } from "../../../../contract/run.ts";
import { follow, runToEnd } from "../run-session.ts";
import { runSummary } from "../run-summary.ts";
import { attached, type GlobalOptions, print, workspaceOf } from "../session.ts";
import { type StackChoice, stackOption, takeStack } from "../stack-choice.ts";
import { decimal, table } from "../terminal.ts";
import { typed } from "../typed.ts";

export function addRun(program: Command): void {
  program
    .command("run <idea>")
    .description("test an idea: ingest, check, features, select, train, backtest, judge, register")
    .option("--data <paths...>", "files, folders or globs to import first, as the data set to use")
    .addOption(stackOption())
    .action(async (file: string, given: { data?: string[] } & StackChoice, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const yaml = await readIdea(file);
      await attached(workspaceOf(options), async (client) => {
        await takeStack(client, given);
        const result = await runToEnd(client, {
          yaml,
          file: basename(file),
          ...(given.data ? { data: given.data.map((path) => resolve(path)) } : {}),
        });
        report(options, result);
      });
    });

  const runs = program.command("runs").description("runs of this workspace");
  runs
    .command("list", { isDefault: true })
    .description("all runs, the newest first")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await attached(workspaceOf(options), async (client) => {
        const all = await client.runs.list.query();
        print(options, all, () =>
          table(
            ["RUN", "IDEA", "STATE", "VERDICT", "RANK IC", "STARTED"],
            all.map((one) => [
              one.run,
              one.idea,
              one.state,
              one.verdict,
              decimal(one.rank_ic),
              one.started,
            ]),
          ),
        );
      });
    });
  runs
    .command("show <run>")
    .description("one run, whole")
    .action(async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await attached(workspaceOf(options), async (client) => {
        const result = await client.runs.result.query({ run: parseRun(id) });
        print(options, result, () => runSummary(result));
      });
    });
  runs
    .command("resume <run>")
    .description("take up an interrupted, cancelled or failed run where it stood")
    .action(async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await attached(workspaceOf(options), async (client) => {
        const run = parseRun(id);
        await client.runs.resume.mutate({ run });
        report(options, await follow(client, run));
      });
    });
}

/** Success is a run that came to its end, whatever its verdict. */
function report(options: GlobalOptions, result: RunResult): void {
  print(options, result, () => runSummary(result));
  if (result.problem && options.json) {
    process.stderr.write(`${result.problem.detail}\n${result.problem.hint}\n`);
  }
  if (result.state !== "done") process.exitCode = 1;
}

export function parseRun(text: string): RunId {
  const parsed = RunId.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new WorkbenchError({
    code: "run.bad_id",
    detail: `${JSON.stringify(text)} is not the id of a run.`,
    hint: "`runs` lists them; they look like r-0123456789.",
  });
}

async function readIdea(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new WorkbenchError({
      code: "idea.unreadable",
      detail: `${file} ${missing ? "does not exist" : `cannot be read: ${(error as Error).message}`}.`,
      hint: `\`${typed("ideas new volatility > volatility.idea.yaml")}\` makes one to start from.`,
      where: { file },
    });
  }
}

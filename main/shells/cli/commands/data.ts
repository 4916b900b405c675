import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { DataSetName } from "../../../../contract/ids.ts";
import { WorkbenchError } from "../../../../contract/problem.ts";
import { findingsTable } from "../run-summary.ts";
import { attached, type GlobalOptions, print, workspaceOf } from "../session.ts";
import { count, table } from "../terminal.ts";

export function addData(program: Command): void {
  const data = program.command("data").description("data sets: import, list, check");

  data
    .command("import <name> <paths...>")
    .description("import CSV or Parquet (files, folders, globs) as a new version of a data set")
    .action(async (name: string, paths: string[], _: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await attached(workspaceOf(options), async (client) => {
        const version = await client.data.import.mutate({
          name: parseName(name),
          paths: paths.map((path) => resolve(path)),
        });
        print(
          options,
          version,
          () =>
            `${version.name} v${version.version}: ${count(version.rows)} bars of ${count(version.symbols)} symbols, ${version.first} to ${version.last}`,
        );
      });
    });

  data
    .command("list")
    .description("data sets, each with its newest version")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await attached(workspaceOf(options), async (client) => {
        const all = await client.data.list.query();
        print(options, all, () =>
          table(
            ["DATA SET", "VERSION", "BARS", "SYMBOLS", "FIRST", "LAST"],
            all.map((one) => [one.name, one.version, one.rows, one.symbols, one.first, one.last]),
          ),
        );
      });
    });

  data
    .command("ledger <name>")
    .description("every configuration ever fitted on a data set, as CSV")
    .option("--add <file>", "enter trials made elsewhere: what `run-step --events FILE` wrote")
    .action(async (name: string, given: { add?: string }, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const events = given.add === undefined ? null : await readEvents(given.add);
      await attached(workspaceOf(options), async (client) => {
        if (events !== null) {
          const entered = await client.data.addTrials.mutate({ name: parseName(name), events });
          print(
            options,
            entered,
            () => `${count(entered.added)} trials entered; ${count(entered.all)} in the ledger.`,
          );
          return;
        }
        const csv = await client.data.ledger.query({ name: parseName(name) });
        print(options, { csv }, () => csv.trimEnd());
      });
    });

  data
    .command("check <name>")
    .description("check the newest version of a data set, and list what was found")
    .option("--calendar <code>", "exchange calendar", "XNYS")
    .action(async (name: string, given: { calendar: string }, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await attached(workspaceOf(options), async (client) => {
        const checked = await client.data.check.mutate({ name: parseName(name), ...given });
        print(options, checked, () =>
          checked.findings.length === 0 ? "Nothing was found." : findingsTable(checked.findings),
        );
      });
    });
}

async function readEvents(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new WorkbenchError({
      code: "ledger.unreadable",
      detail: `${file} cannot be read: ${(error as Error).message}`,
      hint: "Give the file that `run-step --events FILE` wrote.",
      where: { file },
    });
  }
}

function parseName(text: string): DataSetName {
  const parsed = DataSetName.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new WorkbenchError({
    code: "data.bad_name",
    detail: `${JSON.stringify(text)} cannot name a data set.`,
    hint: "Use small letters, digits, - and _, such as sp500-daily.",
  });
}

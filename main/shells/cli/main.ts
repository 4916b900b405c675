#!/usr/bin/env node
/** The command line: a thin way into the same workbench that every other shell drives. */
import { Command } from "commander";
import { VERSION } from "../../version.ts";
import { addData } from "./commands/data.ts";
import { addDemo } from "./commands/demo.ts";
import { addDeploy } from "./commands/deploy.ts";
import { addIdeas } from "./commands/ideas.ts";
import { addModels } from "./commands/models.ts";
import { addRun } from "./commands/run.ts";
import { addStack } from "./commands/stack.ts";
import { addStart } from "./commands/start.ts";
import { addSystem } from "./commands/system.ts";
import { fail, refuse } from "./session.ts";
import { isAnswered, usageProblem } from "./usage.ts";

const program = new Command("breadthflow")
  .description("Takes a trading idea to a deployed, monitored model.")
  .version(VERSION)
  .option("--workspace <dir>", "folder that holds data, runs, models and the index")
  .option("--json", "print one JSON document on standard output; everything else on standard error")
  .showHelpAfterError()
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });

addDemo(program);
addIdeas(program);
addRun(program);
addData(program);
addModels(program);
addDeploy(program);
addStack(program);
addStart(program);
addSystem(program);

// A reader that closes the pipe (`breadthflow runs | head`) has seen enough: that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  const problem = usageProblem(error);
  // What was refused may stand before the option, which then has not been read.
  const json = Boolean(program.opts().json) || process.argv.includes("--json");
  if (isAnswered(error)) process.exitCode = 0;
  else if (problem) refuse(problem, json);
  else fail(error, json);
}
// The command is over: a connection to an owner that has ended would be tried again for ever.
for (const stream of [process.stdout, process.stderr]) {
  await new Promise<void>((resolve) => stream.write("", () => resolve()));
}
process.exit();

/**
 * The owner of a workspace whose engine never gets past one step: run it, then kill it.
 * Arguments: the workspace, the sources, the step. Prints the step when it has reached it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { StepName } from "../../../contract/step.ts";
import { DiskEngine } from "./disk-engine.ts";
import { idea, open } from "./opened.ts";

const [, , root = "", source = "", name] = process.argv;
const step = StepName.parse(name);
const engine = new DiskEngine();
engine.before[step] = async () => {
  process.stdout.write(`${step}\n`);
  await sleep(600_000);
};
open(root, engine).pipeline.start(idea(), { data: [source] });

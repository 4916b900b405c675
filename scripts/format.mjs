// npm run format: puts every file into the house's form, and repairs what can be repaired safely.
import { lintChecks, runChecks } from "./checks.mjs";

/** @type {Record<string, (args: string[]) => string[]>} */
const repairs = {
  biome: (args) => [...args, "--write"],
  ruff: (args) => [...args, "--fix"],
  "ruff format": (args) => args.filter((arg) => arg !== "--check"),
};
const checks = lintChecks.flatMap((check) => {
  const repair = repairs[check.name];
  return repair ? [{ ...check, args: repair(check.args) }] : [];
});
process.exitCode = (await runChecks(checks)) ? 0 : 1;

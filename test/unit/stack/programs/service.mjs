// A service for tests. Its behaviour is told by variables; it listens where PORT says.
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";

const { PORT, EXIT_CODE, SILENT, IGNORE_SIGTERM, JOURNAL, NAME, CHILD } = process.env;

if (JOURNAL) appendFileSync(JOURNAL, `start ${NAME}\n`);
if (EXIT_CODE) {
  console.log("reading the settings");
  console.error("fatal: the settings are not valid");
  process.exit(Number(EXIT_CODE));
}
if (CHILD) {
  const child = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
  console.log(`child ${child.pid}`);
}
process.on("SIGTERM", () => {
  if (IGNORE_SIGTERM) return;
  if (JOURNAL) appendFileSync(JOURNAL, `stop ${NAME}\n`);
  process.exit(0);
});
if (SILENT) setInterval(() => undefined, 1000);
else createServer((_, response) => response.end("ok")).listen(Number(PORT), "127.0.0.1");
console.log("listening");

// npm run lint [-- NAME…]: style, types and layers of both languages.
import { choose, lintChecks, runChecks } from "./checks.mjs";

process.exitCode = (await runChecks(choose(lintChecks, process.argv.slice(2)))) ? 0 : 1;

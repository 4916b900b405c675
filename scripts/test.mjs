// npm test [-- NAME…]: every lint check and every test, or those named (npm test -- vitest).
import { choose, lintChecks, runChecks, testChecks } from "./checks.mjs";

const passed = await runChecks(choose([...lintChecks, ...testChecks], process.argv.slice(2)));
process.exitCode = passed ? 0 : 1;

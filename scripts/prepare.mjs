// All set-up, in no command of its own: npm's `pre` hooks call it before demo, test, start, cli
// and bench. It uses Node's built-ins only, since it runs before anything is installed.
//   node scripts/prepare.mjs [--env core,tracking,serving,test] [--screens] [--browser] [--quiet]
import { browserProgram, ensureBrowser } from "./prepare/browser.mjs";
import { ensureEnvironment, readyEnvironment } from "./prepare/environments.mjs";
import { ensureKernels, kernelsAreReady } from "./prepare/kernels.mjs";
import { ensureNpmPackages, npmPackagesAreReady } from "./prepare/npm-packages.mjs";
import { installProblem, PrepareError } from "./prepare/problem.mjs";
import { progressOn } from "./prepare/progress.mjs";
import { ensureScreens, screensAreReady } from "./prepare/screens.mjs";

const usage = "node scripts/prepare.mjs [--env NAME,NAME…] [--screens] [--browser] [--quiet]";

/** @param {readonly string[]} args */
function parse(args) {
  /** @type {{environments: string[], screens: boolean, browser: boolean, quiet: boolean}} */
  const wanted = { environments: [], screens: false, browser: false, quiet: false };
  for (let at = 0; at < args.length; at += 1) {
    if (args[at] === "--quiet") wanted.quiet = true;
    else if (args[at] === "--screens") wanted.screens = true;
    else if (args[at] === "--browser") wanted.browser = true;
    else if (args[at] === "--env" && args[at + 1]) {
      at += 1;
      wanted.environments = String(args[at]).split(",").filter(Boolean);
    } else {
      throw new PrepareError("prepare.usage", `${args[at]} is not understood`, `use ${usage}`);
    }
  }
  return wanted;
}

async function main() {
  const { environments, screens, browser, quiet } = parse(process.argv.slice(2));
  const missing = environments.filter((name) => readyEnvironment(name) === undefined);
  const isBuilt = !screens || screensAreReady();
  const hasBrowser = !browser || browserProgram() !== undefined;
  const isCompiled = !environments.includes("core") || kernelsAreReady();
  if (npmPackagesAreReady() && missing.length === 0 && isCompiled && isBuilt && hasBrowser) return;
  const progress = progressOn(process.stderr);
  const onProgress = quiet ? () => undefined : progress.show;
  const cancelled = new AbortController();
  process.once("SIGINT", () => cancelled.abort(new Cancelled()));
  process.once("SIGTERM", () => cancelled.abort(new Cancelled()));
  const options = { onProgress, signal: cancelled.signal };
  try {
    await ensureNpmPackages(options);
    // One after another, so that what core has fetched is in the cache for those that share it.
    for (const name of missing) await ensureEnvironment(name, options);
    if (!isCompiled) await ensureKernels(options);
    if (screens) await ensureScreens(options);
    if (browser) await ensureBrowser(options);
  } finally {
    progress.end();
  }
}

class Cancelled extends Error {
  constructor() {
    super("Set-up was stopped; the same command goes on from where it was.");
  }
}

/** A fault of the disk may meet the set-up itself as well as an installer. @param {unknown} error */
function sentence(error) {
  if (error instanceof PrepareError || error instanceof Cancelled) return error.message;
  if (!(error instanceof Error && "syscall" in error)) return error;
  const names = { what: "the set-up", registry: "The registry", variable: "", log: ".cache" };
  return installProblem({ ...names, output: error.message }).message;
}

try {
  await main();
} catch (error) {
  console.error(sentence(error));
  process.exitCode = error instanceof Cancelled ? 130 : 1;
}

// Finds a Python that the engine's locks are made for.
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { PrepareError } from "./problem.mjs";
import { run } from "./run.mjs";

const supported = ["3.11", "3.12"];
const question =
  "import json,sys;print(json.dumps([list(sys.version_info[:3]),sys.executable,sys.maxsize>2**32]))";

/**
 * @typedef {{version: string, executable: string}} Python
 * @param {AbortSignal | undefined} [signal]
 * @returns {Promise<Python>}
 */
export async function findPython(signal) {
  /** @type {Python | undefined} */
  let unsuitable;
  for (const [command, ...args] of candidates()) {
    const python = await ask(String(command), args, signal);
    if (!python) continue;
    if (supported.includes(python.version.split(".", 2).join("."))) return python;
    unsuitable ??= python;
  }
  const how =
    "install Python 3.11 or 3.12 (Debian and Ubuntu: apt-get install python3; macOS: brew install python@3.11; Windows: winget install Python.Python.3.11), or set BREADTHFLOW_PYTHON to one, and run the same command again.";
  if (unsuitable) {
    throw new PrepareError(
      "prepare.python_unsuitable",
      `Python ${unsuitable.version} at ${unsuitable.executable} is not one that the engine runs on`,
      how,
    );
  }
  throw new PrepareError("prepare.python_missing", "No Python was found", how);
}

/** Commands to try, the likeliest first. */
function candidates() {
  const named = process.env.BREADTHFLOW_PYTHON;
  if (named) return [[named]];
  const minor = supported.map((version) => [`python${version}`]);
  if (process.platform === "win32") {
    return [...supported.map((version) => ["py", `-${version}`]), ["python"], ["python3"]];
  }
  return [...minor, ["python3"], ["python"], ...elsewhere()];
}

/** Interpreters that version managers keep off PATH. */
function elsewhere() {
  const pyenv = path.join(process.env.PYENV_ROOT ?? path.join(homedir(), ".pyenv"), "versions");
  const found = existsSync(pyenv) ? readdirSync(pyenv).sort().reverse() : [];
  return [
    ...found.map((version) => [path.join(pyenv, version, "bin", "python")]),
    ...supported.map((version) => [`/opt/homebrew/bin/python${version}`]),
  ];
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<Python | undefined>} nothing when it does not run or is a 32-bit build
 */
async function ask(command, args, signal) {
  try {
    const answer = await run(command, [...args, "-I", "-c", question], { signal });
    const [version, executable, is64Bit] = JSON.parse(answer);
    return is64Bit ? { version: version.join("."), executable } : undefined;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

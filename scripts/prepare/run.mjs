// Runs one program without a shell, hands on its lines as they come, and ends it on request.
import { spawn, spawnSync } from "node:child_process";

// npm, asked to end, waits for the answers that it still expects, however long they take.
const graceMs = 2_000;

export class ProgramError extends Error {
  /**
   * @param {string} command
   * @param {number | null} exitCode
   * @param {string} output
   */
  constructor(command, exitCode, output) {
    super(`${command} ended with ${exitCode ?? "a signal"}: ${output.trim().slice(-2000)}`);
    this.exitCode = exitCode;
    this.output = output;
  }
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, signal?: AbortSignal | undefined,
 *   onLine?: (line: string) => void}} [options] `onLine` sees both streams
 * @returns {Promise<string>} standard output; rejects with `ProgramError`
 */
export function run(command, args, { cwd, env, signal, onLine } = {}) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    /** @type {NodeJS.Timeout | undefined} */
    let insisting;
    const stop = () => {
      endTree(child.pid);
      insisting = setTimeout(() => child.kill("SIGKILL"), graceMs);
    };
    signal?.addEventListener("abort", stop, { once: true });
    let printed = "";
    let output = "";
    for (const [stream, isPrinted] of /** @type {const} */ ([
      [child.stdout, true],
      [child.stderr, false],
    ])) {
      let rest = "";
      stream.setEncoding("utf8");
      stream.on("data", (/** @type {string} */ chunk) => {
        output += chunk;
        if (isPrinted) printed += chunk;
        const lines = (rest + chunk).split(/\r?\n/);
        rest = lines.pop() ?? "";
        for (const line of lines) onLine?.(line);
      });
    }
    child.once("error", (error) => {
      signal?.removeEventListener("abort", stop);
      reject(new ProgramError(command, null, `${output}\n${error.message}`));
    });
    child.once("close", (code) => {
      clearTimeout(insisting);
      signal?.removeEventListener("abort", stop);
      if (signal?.aborted) reject(signal.reason);
      else if (code === 0) resolve(printed);
      else reject(new ProgramError(command, code, output));
    });
  });
}

/** @param {number | undefined} pid */
function endTree(pid) {
  if (pid === undefined) return;
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/pid", String(pid), "/T", "/F"], { windowsHide: true });
    return;
  }
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has ended by itself meanwhile.
  }
}

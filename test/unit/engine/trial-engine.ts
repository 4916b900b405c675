import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ROOT = join(import.meta.dirname, "../../..");
export const TOKEN = "t0ken-of-the-tests";

export type TrialEngine = { address: string; process: ChildProcess; kill(): Promise<void> };

/** The interpreter of the core environment, wherever it is. */
export function corePython(): string {
  if (process.env.BREADTHFLOW_PYTHON) return process.env.BREADTHFLOW_PYTHON;
  const folder = join(ROOT, ".venv", "core");
  return process.platform === "win32"
    ? join(folder, "Scripts", "python.exe")
    : join(folder, "bin", "python");
}

/** A real engine process with small steps of its own (test/engine/programs). */
export async function startTrialEngine(): Promise<TrialEngine> {
  const program = join(ROOT, "test/engine/programs/trial_steps.py");
  const engine = spawn(corePython(), [program, "serve", "--exit-with-parent"], {
    env: {
      ...process.env,
      PYTHONPATH: join(ROOT, "compose-bundles", "engine"),
      BREADTHFLOW_ENGINE_TOKEN: TOKEN,
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const lines = createInterface({ input: engine.stdout });
  const [line] = (await once(lines, "line")) as [string];
  return {
    address: `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`,
    process: engine,
    async kill() {
      if (engine.exitCode !== null || engine.signalCode !== null) return;
      const ended = once(engine, "exit");
      engine.kill("SIGKILL");
      await ended;
    },
  };
}

import { CommandLine } from "../../e2e/command-line.ts";

/** Seconds from a workspace that is not there to engine and MLflow that answer, as processes. */
export async function coldNativeCore(): Promise<number> {
  const cli = await CommandLine.inNewWorkspace();
  try {
    const start = performance.now();
    await cli.json("stack", "up", "--native");
    return (performance.now() - start) / 1000;
  } finally {
    await cli.remove();
  }
}

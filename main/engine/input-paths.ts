import { fileURLToPath } from "node:url";

/** The files and folders of this machine that a step reads. */
export function inputPaths(inputs: Readonly<Record<string, string | readonly string[]>>): string[] {
  return Object.values(inputs)
    .flat()
    .filter((one) => one.startsWith("file:"))
    .map((one) => fileURLToPath(one));
}

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { z } from "zod";
import type { ContentKey } from "../../contract/ids.ts";
import { WorkbenchError } from "../../contract/problem.ts";
import type { Workspace } from "../runtime/workspace.ts";
import type { ProjectIndex } from "./project-index.ts";

/**
 * Reads one of the JSON files of an artifact; null where the artifact is not there, or no longer.
 * An artifact that is there without its file is an error: no findings must never be read out of
 * a file that was not written.
 *
 * @param options.isRecent artifacts that an earlier version of the step made lack the file
 */
export async function readArtifactFile<T>(
  schema: z.ZodType<T>,
  name: string,
  key: ContentKey | undefined,
  index: ProjectIndex,
  workspace: Workspace,
  { isRecent = false }: { isRecent?: boolean } = {},
): Promise<T | null> {
  const artifact = key && index.artifacts.get(key);
  if (!artifact) return null;
  const file = join(workspace.root, ...artifact.path.split("/"), name);
  try {
    return schema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (missing && (isRecent || !existsSync(dirname(file)))) return null;
    throw new WorkbenchError(
      {
        code: "artifact.unreadable",
        detail: `${file} cannot be read: ${error instanceof Error ? error.message : error}`,
        hint: missing
          ? "The step left no such file: its engine and this workbench are of different versions."
          : "Run the idea again; a damaged artifact is made anew.",
        where: { file },
      },
      { cause: error },
    );
  }
}

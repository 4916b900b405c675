import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Changes when a source file below `folder` does; cheap: it looks at sizes and times only. */
export async function sourceRevision(folder: string, extension: ".py" | ".ts"): Promise<string> {
  const hash = createHash("sha256");
  const names = (await readdir(folder, { recursive: true })).filter((n) => n.endsWith(extension));
  for (const name of names.sort()) {
    const { size, mtimeMs } = await stat(join(folder, name));
    hash.update(`${name}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

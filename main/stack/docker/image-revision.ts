import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What goes into the images of Python services, besides their base. */
const SOURCES = ["engine/breadthflow_engine", "engine/locks", "images/python"];

/**
 * The tag of our images: a hash of what is in them, so that other code or another lock is another
 * image, and a container never runs older code than a process would.
 *
 * @param bundles the folder `compose-bundles`
 */
export function imageRevision(bundles: string): string {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    const files = readdirSync(join(bundles, source), { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      // What Python and numba have compiled goes into no image, and comes with the first run.
      .filter((file) => !file.includes("__pycache__"));
    for (const file of files.sort()) {
      hash
        .update(`${file.slice(bundles.length).replaceAll("\\", "/")}\0`)
        .update(readFileSync(file));
    }
  }
  return hash.digest("hex").slice(0, 12);
}

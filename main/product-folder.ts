import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The product's folder, which has its package.json: found from the sources and from a bundle. */
export const PRODUCT_FOLDER = folderWithPackage(import.meta.dirname);

function folderWithPackage(folder: string): string {
  return existsSync(join(folder, "package.json")) ? folder : folderWithPackage(dirname(folder));
}

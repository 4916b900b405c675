import { join } from "node:path";
import { DataSetName } from "../../contract/ids.ts";

/**
 * The real prices that ship with the product, as a data set that every workspace may name: where a
 * workspace has none of this name, it is imported by the first run that stands on it. Source and
 * licence stand in the folder's README.
 */
export const DEMO_DATA = {
  name: DataSetName.parse("demo"),
  folder: join(import.meta.dirname, "..", "..", "resources", "demo"),
} as const;

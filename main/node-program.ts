import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { PRODUCT_FOLDER } from "./product-folder.ts";

/** An installed product stands below `node_modules`, where Node takes no types away by itself. */
const isInstalled = PRODUCT_FOLDER.includes(`${sep}node_modules${sep}`);

/** What Node has to be told before the path of one of our programs. */
export const NODE_ARGS: readonly string[] = isInstalled
  ? [`--import=${pathToFileURL(join(PRODUCT_FOLDER, "main/strip-types.mjs")).href}`]
  : [];

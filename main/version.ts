import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PRODUCT_FOLDER } from "./product-folder.ts";

const text = readFileSync(join(PRODUCT_FOLDER, "package.json"), "utf8");

/** The product's version, from its package.json. */
export const VERSION: string = (JSON.parse(text) as { version: string }).version;

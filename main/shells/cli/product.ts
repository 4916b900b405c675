import { join } from "node:path";
import { Templates } from "../../pipeline/templates.ts";

const RESOURCES = join(import.meta.dirname, "../../../resources");

/** Templates are part of the product, so they need no workspace and no owner process. */
export const productTemplates = () => new Templates(join(RESOURCES, "ideas"));

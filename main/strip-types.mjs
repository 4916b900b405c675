// The sources run as they are written: Node takes their types away by itself, but refuses to do so
// below a folder `node_modules`, which is where an installed product stands. Loaded before any of
// them, in every Node that the product starts, this does there what Node does elsewhere.
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";

const { emitWarning } = process;
// It says once that the function is experimental; the person at the terminal cannot act on that.
process.emitWarning = () => undefined;
stripTypeScriptTypes("");
process.emitWarning = emitWarning;

registerHooks({
  load(url, context, nextLoad) {
    if (!url.startsWith("file:") || !url.endsWith(".ts")) return nextLoad(url, context);
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8"));
    return { format: "module", source, shortCircuit: true };
  },
});

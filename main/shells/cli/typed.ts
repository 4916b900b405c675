import { basename } from "node:path";

/** In a clone npm's script starts the sources; an installed product has a program of its own. */
const isScript = basename(process.argv[1] ?? "") === "main.ts";

/** A command of ours as the person at this terminal can type it; `-s` keeps npm's own lines out. */
export const typed = (command: string): string =>
  `${isScript ? "npm run -s cli --" : "breadthflow"} ${command}`;

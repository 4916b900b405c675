// Checks the layer rules of .dependency-cruiser.cjs. A cruise that finds no module at all (what
// happens when TypeScript cannot be loaded) would pass silently, so it counts as a failure here.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const house = path.resolve(import.meta.dirname, "../..");

/**
 * @param {string} root folder whose `contract`, `main`, `renderer`, `preload` are checked
 * @returns {{modules: number, violations: {rule: string, from: string, to: string, why: string}[]}}
 */
export function checkLayers(root) {
  const tool = path.join(house, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const folders = ["contract", "main", "renderer", "preload"].filter((name) =>
    existsSync(path.join(root, name)),
  );
  const config = path.join(house, ".dependency-cruiser.cjs");
  const cruise = spawnSync(
    process.execPath,
    [tool, "--config", config, "--output-type", "json", ...folders],
    { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 },
  );
  if (cruise.error) throw cruise.error;
  if (!cruise.stdout.startsWith("{")) throw new Error(cruise.stderr || cruise.stdout);
  /** @type {import("dependency-cruiser").ICruiseResult} */
  const { summary } = JSON.parse(cruise.stdout);
  const rules = summary.ruleSetUsed?.forbidden ?? [];
  return {
    modules: summary.totalCruised,
    violations: summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      from,
      to,
      why: rules.find(({ name }) => name === rule.name)?.comment ?? "",
    })),
  };
}

function main() {
  const { modules, violations } = checkLayers(process.argv[2] ?? house);
  for (const { rule, from, to, why } of violations) {
    console.error(`${from} -> ${to}\n  breaks ${rule}. ${why}`);
  }
  if (modules === 0) console.error("layers: no module was found, so nothing was checked.");
  console.log(`layers: ${modules} modules checked, ${violations.length} rules broken`);
  return modules > 0 && violations.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.exit(main());

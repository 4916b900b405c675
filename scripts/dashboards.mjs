// npm run dashboards: writes Grafana's dashboards from their code.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { engine } from "./dashboards/engine.mjs";
import { inference } from "./dashboards/inference.mjs";
import { postgres } from "./dashboards/postgres.mjs";
import { s3 } from "./dashboards/s3.mjs";
import { workbench } from "./dashboards/workbench.mjs";
import { house } from "./prepare/places.mjs";

export const dashboardsFolder = path.join(house, "compose-bundles/monitoring/grafana/generated");

/** Every dashboard by the name of its file, as text. @returns {Record<string, string>} */
export function dashboardFiles() {
  const all = { workbench, inference, engine, postgres, s3 };
  return Object.fromEntries(
    Object.entries(all).map(([name, one]) => [
      `${name}.json`,
      `${JSON.stringify(one.build(), null, 2)}\n`,
    ]),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  mkdirSync(dashboardsFolder, { recursive: true });
  for (const [name, text] of Object.entries(dashboardFiles())) {
    writeFileSync(path.join(dashboardsFolder, name), text);
    console.log(name);
  }
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const MONITORING = join(import.meta.dirname, "../../../compose-bundles/monitoring");

export interface Query {
  readonly where: string;
  readonly expression: string;
}

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
}

/** Every rule of the bundle. */
export function rules(): Rule[] {
  const folder = join(MONITORING, "rules");
  return readdirSync(folder).flatMap((name) => {
    const { groups } = parse(readFileSync(join(folder, name), "utf8")) as {
      groups: { rules: Rule[] }[];
    };
    return groups.flatMap((group) => group.rules);
  });
}

/** Every query of every panel of the dashboards that Grafana is provisioned with. */
export function panelQueries(): Query[] {
  const folder = join(MONITORING, "grafana/generated");
  return readdirSync(folder).flatMap((name) => {
    const { panels } = JSON.parse(readFileSync(join(folder, name), "utf8")) as {
      panels: { title: string; targets: { expr: string }[] }[];
    };
    return panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => ({ where: `${name}: ${title}`, expression: expr })),
    );
  });
}

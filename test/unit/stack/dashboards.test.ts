import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { dashboardFiles, dashboardsFolder } from "../../../scripts/dashboards.mjs";
import { MONITORING, panelQueries, rules } from "../../stack/support/monitoring-queries.ts";
import { metricsOf } from "../../stack/support/promql.ts";

const read = (path: string) => readFileSync(join(MONITORING, path), "utf8");

describe("Grafana's dashboards", () => {
  test("are those that their code makes: else `npm run dashboards`", () => {
    const kept = readdirSync(dashboardsFolder).map((name) => [
      name,
      readFileSync(join(dashboardsFolder, name), "utf8"),
    ]);
    expect(Object.fromEntries(kept)).toEqual(dashboardFiles());
  });

  test("ask the data source that is provisioned, and are where its provider looks", () => {
    const { datasources } = parse(read("grafana/provisioning/datasources/stack.yaml"));
    const uids = datasources.map(({ uid }: { uid: string }) => uid);
    for (const text of Object.values(dashboardFiles())) {
      const asked = [...text.matchAll(/"uid": "([^"]+)"/g)].map(([, uid]) => uid);
      expect(asked.length).toBeGreaterThan(5);
      const own = JSON.parse(text).uid;
      expect(new Set(asked.filter((uid) => uid !== own))).toEqual(new Set(["prometheus"]));
    }
    expect(uids).toEqual(["prometheus", "alertmanager"]);
    const [provider] = parse(read("grafana/provisioning/dashboards/workbench.yaml")).providers;
    const { grafana } = parse(read("compose.yaml"), { merge: true }).services;
    expect(grafana.volumes).toContain(`./grafana/generated:${provider.options.path}:ro`);
    expect(grafana.environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH).toBe(
      `${provider.options.path}/workbench.json`,
    );
  });

  test("and rules read recorded series only where a rule records them", () => {
    const recorded = rules().flatMap(({ record }) => record ?? []);
    const expressions = [
      ...panelQueries().map(({ expression }) => expression),
      ...rules().map(({ expr }) => expr),
    ];
    const read = new Set(expressions.flatMap(metricsOf).filter((name) => name.includes(":")));
    expect([...read].sort()).toEqual(recorded.sort());
  });
});

test.each([
  ["up == 0 and max_over_time(up[1d]) == 1", ["up"]],
  ['sum by (le, a) (rate(x_bucket{b=~"c{2}"}[5m])) > 5e9', ["x_bucket"]],
  ["(a:b:rate5m or 0 * c) / (d > 0) unless on (instance) e", ["a:b:rate5m", "c", "d", "e"]],
])("the metrics of %s", (expression, names) => {
  expect(metricsOf(expression)).toEqual(names);
});

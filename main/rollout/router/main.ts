import { readFileSync } from "node:fs";
import process from "node:process";
import { LineLog } from "../../runtime/log-files.ts";
import { RouteTable } from "./route-table.ts";
import { RouterMetrics } from "./router-metrics.ts";
import { Router } from "./server.ts";

const MAX_BODY_BYTES = 8 * 1024 * 1024;

function variable(name: string): string {
  const value = process.env[name];
  if (value) return value;
  console.error(`The router needs the variable ${name}; the workbench sets it.`);
  process.exit(2);
}

/** A secret comes in a variable, or, in a container, in the file that another variable names. */
function secret(name: string): string {
  const file = process.env[`${name}_FILE`];
  return file ? readFileSync(file, "utf8") : variable(name);
}

/** One that only a router in a container has. */
function optionalSecret(name: string): string | undefined {
  return process.env[`${name}_FILE`] ? secret(name) : undefined;
}

const table = new RouteTable(variable("BREADTHFLOW_ROUTER_ROUTES"));
const router = new Router({
  table,
  metrics: new RouterMetrics(),
  requestLog: new LineLog(variable("BREADTHFLOW_ROUTER_REQUEST_LOG"), ({ lines, total, error }) =>
    console.error(
      `${lines} lines of the request log are lost, ${total} since the start: ${error.message}`,
    ),
  ),
  token: secret("BREADTHFLOW_ROUTER_TOKEN"),
  controlToken: secret("BREADTHFLOW_ROUTER_CONTROL_TOKEN"),
  metricsToken: optionalSecret("BREADTHFLOW_ROUTER_METRICS_TOKEN"),
  names: (process.env.BREADTHFLOW_ROUTER_NAMES ?? "").split(",").filter(Boolean),
  maxBodyBytes: MAX_BODY_BYTES,
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void router.close().then(() => process.exit(0)));
}

await table.load();
await router.listen(
  Number(variable("BREADTHFLOW_ROUTER_PORT")),
  process.env.BREADTHFLOW_ROUTER_HOST ?? "127.0.0.1",
);
console.log(`serving ${table.deployments.length} deployments`);

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

const table = new RouteTable(variable("BREADTHFLOW_ROUTER_ROUTES"));
const router = new Router({
  table,
  metrics: new RouterMetrics(),
  requestLog: new LineLog(variable("BREADTHFLOW_ROUTER_REQUEST_LOG")),
  token: variable("BREADTHFLOW_ROUTER_TOKEN"),
  controlToken: variable("BREADTHFLOW_ROUTER_CONTROL_TOKEN"),
  maxBodyBytes: MAX_BODY_BYTES,
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void router.close().then(() => process.exit(0)));
}

await table.load();
await router.listen(Number(variable("BREADTHFLOW_ROUTER_PORT")));
console.log(`serving ${table.deployments.length} deployments`);

import { dirname } from "node:path";
import { sourceRevision } from "../../runtime/source-revision.ts";
import type { ServiceSpec } from "../service.ts";

export interface RouterServiceOptions {
  /** The router's entry point, `main/rollout/router/main.ts`. */
  readonly entry: string;
  /** What Node has to be told before it. */
  readonly nodeArgs?: readonly string[];
  /** Its routes, a JSON file that it reads at start and when it is told to. */
  readonly routesFile: string;
  readonly requestLog: string;
  /** What clients present as bearer token, and what the workbench does for control calls. */
  readonly token: string;
  readonly controlToken: string;
}

/** The inference router: a Node process in front of all model servers. */
export function routerService(options: RouterServiceOptions): ServiceSpec {
  return {
    name: "router",
    dependsOn: [],
    ports: ["http"],
    ready: { kind: "http", port: "http", path: "/v2/health/live", deadlineMs: 15_000 },
    restart: "on_failure",
    stopGraceMs: 3000,
    revision: () => sourceRevision(dirname(options.entry), ".ts"),
    prepare(ports) {
      return Promise.resolve({
        executable: process.execPath,
        // Requests are short-lived: with room for them, few are met by a collection of garbage.
        args: ["--max-semi-space-size=32", ...(options.nodeArgs ?? []), options.entry],
        cwd: dirname(options.routesFile),
        env: {
          // Inside Electron the executable is Electron itself, which this turns into plain Node.
          ELECTRON_RUN_AS_NODE: "1",
          NODE_OPTIONS: undefined,
          BREADTHFLOW_ROUTER_PORT: String(ports.http),
          BREADTHFLOW_ROUTER_ROUTES: options.routesFile,
          BREADTHFLOW_ROUTER_REQUEST_LOG: options.requestLog,
          // In the environment rather than the arguments, which every user of the machine sees.
          BREADTHFLOW_ROUTER_TOKEN: options.token,
          BREADTHFLOW_ROUTER_CONTROL_TOKEN: options.controlToken,
        },
      });
    },
  };
}

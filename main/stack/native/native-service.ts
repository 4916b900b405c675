import { mkdir } from "node:fs/promises";
import type { Environments } from "../../runtime/environments.ts";
import { sourceRevision } from "../../runtime/source-revision.ts";
import { nanoseconds } from "../compose/durations.ts";
import type { Plan, PlannedService } from "../plan.ts";
import type { ServiceSpec } from "../service.ts";
import { xService } from "../x-service.ts";
import { filledIn, firstOf, type Values } from "./values.ts";
import { xNative } from "./x-native.ts";

/** How long compose waits before it kills. */
const STOP_GRACE = "10s";

export interface NativeSurroundings {
  readonly environments: Environments;
  readonly values: Values;
  /** What Node has to be told before the path of one of our programs. */
  readonly nodeArgs?: readonly string[];
}

/** The services of a plan that can run as plain processes, all described by the plan alone. */
export function nativeServices(plan: Plan, around: NativeSurroundings): ServiceSpec[] {
  const can = Object.values(plan.services).filter(({ extensions }) => "x-native" in extensions);
  const names = can.map(({ name }) => name);
  return can.map((service) => {
    const spec = nativeService(service, around);
    const needs = Object.keys(service.model.depends_on ?? {});
    return { ...spec, dependsOn: needs.filter((name) => names.includes(name)) };
  });
}

/** One service of a plan as a process, as its `x-native` describes it. */
export function nativeService(service: PlannedService, around: NativeSurroundings): ServiceSpec {
  const native = xNative(service);
  if (!native) throw new TypeError(`${service.name} has no x-native`);
  const { model } = service;
  const { environments, values } = around;
  const { title, page } = xService(service);
  const shown = native.page ?? page;
  const pathOf = (template: string) => filledIn(template, values, encodeURIComponent);
  return {
    name: service.name,
    title,
    profiles: model.profiles ?? [],
    dependsOn: [],
    ports: native.ports,
    ready: {
      port: "http",
      path: pathOf(native.ready.path),
      deadlineMs: native.ready.within,
    },
    restart: model.restart === "no" ? "never" : "on_failure",
    ...(shown !== undefined && { page: pathOf(shown) }),
    stopGraceMs: Number(nanoseconds(model.stop_grace_period ?? STOP_GRACE)) / 1e6,
    revision: () =>
      native.sources
        ? sourceRevision(filledIn(native.sources.folder, values), native.sources.ending)
        : "",
    async prepare(ports) {
      const known = firstOf(portsOf(ports), values);
      const fill = (template: string) => filledIn(template, known);
      for (const folder of native.folders) {
        await mkdir(fill(folder), { recursive: true, mode: 0o700 });
      }
      const [, ...args] = native.command;
      const variables = Object.entries(native.variables).map(([name, template]) => [
        name,
        template === null ? undefined : fill(template),
      ]);
      const python = native.environment && (await environments.ensure(native.environment));
      return {
        executable: python ?? process.execPath,
        args: [...(python ? [] : (around.nodeArgs ?? [])), ...args.map(fill)],
        cwd: fill(native.working_dir),
        env: { ...(python ? PYTHON : NODE), ...Object.fromEntries(variables) },
      };
    },
  };
}

/** Only the environment's own packages, and output at once. */
const PYTHON = {
  PYTHONHOME: undefined,
  PYTHONPATH: undefined,
  PYTHONNOUSERSITE: "1",
  PYTHONUNBUFFERED: "1",
  PYTHONUTF8: "1",
};

/** Inside Electron the executable is Electron itself, which this turns into plain Node. */
const NODE = { ELECTRON_RUN_AS_NODE: "1", NODE_OPTIONS: undefined };

function portsOf(ports: Readonly<Record<string, number>>): Values {
  return (name) => {
    const port = name.startsWith("port.") ? ports[name.slice("port.".length)] : undefined;
    return port === undefined ? undefined : String(port);
  };
}

import type { ServiceView } from "../../../contract/service.ts";

export type Placed = { service: ServiceView; x: number; y: number };
type Link = { from: string; to: string };

const COLUMN = 240;
const ROW = 92;

/**
 * A place for each service: columns from left to right by who calls whom, so that every line runs
 * to the right. Requests run from the router to the model servers; the engine logs to MLflow.
 */
export function placeServices(services: readonly ServiceView[]): {
  places: Placed[];
  links: Link[];
} {
  const names = new Set(services.map(({ service }) => service));
  const links = services
    .flatMap(({ service, depends_on }) => [
      ...depends_on.map((other) => ({ from: service, to: other })),
      ...(service.startsWith("model-") ? [{ from: "router", to: service }] : []),
      ...(service === "engine" ? [{ from: "engine", to: "mlflow" }] : []),
    ])
    .filter(({ from, to }) => names.has(from) && names.has(to));
  const depths = new Map<string, number>();
  const depthOf = (name: string, path: readonly string[] = []): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    // A circle is refused when it is started; here it only must not run for ever.
    const callers = links.filter(({ to, from }) => to === name && !path.includes(from));
    const depth = Math.max(-1, ...callers.map(({ from }) => depthOf(from, [...path, name]))) + 1;
    depths.set(name, depth);
    return depth;
  };
  const filled = new Map<number, number>();
  const places = services.map((service) => {
    const column = depthOf(service.service);
    const row = filled.get(column) ?? 0;
    filled.set(column, row + 1);
    return { service, x: column * COLUMN, y: row * ROW };
  });
  return { places, links };
}

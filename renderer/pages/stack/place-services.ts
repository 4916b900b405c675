import type { ServiceView } from "../../../contract/service.ts";
import { keyOf } from "./which.ts";

export type Placed = { service: ServiceView; x: number; y: number };
/** The services of one profile under one supervisor, in a frame of their own. */
export type Group = {
  key: string;
  profile: string;
  supervisor: ServiceView["supervisor"];
  x: number;
  y: number;
  width: number;
  height: number;
};
type Link = { from: string; to: string };

const COLUMN = 240;
const ROW = 92;
/** As wide as `.card` of the drawing's styles. */
export const CARD = 184;
const FRAME = { side: 16, top: 34, gap: 20 };

/**
 * A place for each service: a frame for each profile, and in it columns from left to right by who
 * calls whom, so that every line runs to the right. Requests run from the router to the model
 * servers; the engine logs to MLflow.
 */
export function placeServices(services: readonly ServiceView[]): {
  places: Placed[];
  groups: Group[];
  links: Link[];
} {
  const links = linksBetween(services);
  const depths = depthsOf(links);
  const byGroup = Map.groupBy(
    services,
    ({ supervisor, profiles }) => `${supervisor}/${profiles[0]}`,
  );
  const places: Placed[] = [];
  const groups: Group[] = [];
  let top = 0;
  for (const [key, members] of byGroup) {
    const [first] = members as [ServiceView, ...ServiceView[]];
    const filled = new Map<number, number>();
    const left = Math.min(...members.map((one) => depths(keyOf(one))));
    for (const service of members) {
      const column = depths(keyOf(service)) - left;
      const row = filled.get(column) ?? 0;
      filled.set(column, row + 1);
      places.push({
        service,
        x: FRAME.side + column * COLUMN,
        y: top + FRAME.top + row * ROW,
      });
    }
    const height = FRAME.top + Math.max(...filled.values()) * ROW;
    const width = 2 * FRAME.side + Math.max(...filled.keys()) * COLUMN + CARD;
    const { supervisor } = first;
    groups.push({ key, profile: first.profiles[0] ?? "", supervisor, x: 0, y: top, width, height });
    top += height + FRAME.gap;
  }
  return { places, groups, links };
}

/** Who calls whom; services of one supervisor do not call those of the other. */
function linksBetween(services: readonly ServiceView[]): Link[] {
  const known = new Set(services.map(keyOf));
  const within = ({ supervisor }: ServiceView, service: string) => keyOf({ supervisor, service });
  return services
    .flatMap((one) => {
      const own = keyOf(one);
      return [
        ...one.depends_on.map((other) => ({ from: own, to: within(one, other) })),
        ...(one.service.startsWith("model-") ? [{ from: within(one, "router"), to: own }] : []),
        ...(one.service === "engine" ? [{ from: own, to: within(one, "mlflow") }] : []),
      ];
    })
    .filter(({ from, to }) => known.has(from) && known.has(to));
}

function depthsOf(links: readonly Link[]): (key: string) => number {
  const depths = new Map<string, number>();
  const depthOf = (key: string, path: readonly string[] = []): number => {
    const known = depths.get(key);
    if (known !== undefined) return known;
    // A circle is refused when it is started; here it only must not run for ever.
    const callers = links.filter(({ to, from }) => to === key && !path.includes(from));
    const depth = Math.max(-1, ...callers.map(({ from }) => depthOf(from, [...path, key]))) + 1;
    depths.set(key, depth);
    return depth;
  };
  return depthOf;
}

import type { ModelView } from "../../../main/api/views.ts";

/** One thing in which two versions differ, as text. */
export type Different = { what: string; left: string; right: string };

/** In what the ideas, the data and the code of two versions differ. */
export function differencesOf(left: ModelView, right: ModelView): Different[] {
  const [one, other] = [told(left), told(right)];
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].flatMap((what) => {
    const [before, after] = [one.get(what) ?? "–", other.get(what) ?? "–"];
    return before === after ? [] : [{ what, left: before, right: after }];
  });
}

function told(model: ModelView): Map<string, string> {
  const { data, steps } = model.lineage;
  const lines = new Map<string, string>();
  if (data) lines.set("data", `${data.name} v${data.version}`);
  for (const { step, version, engine, lock } of steps) {
    lines.set(`code of ${step}`, `version ${version}, engine ${engine}, lock ${lock.slice(0, 8)}`);
  }
  if (model.idea) flatten("", model.idea, lines);
  return lines;
}

/** `{target: {horizon: 5}}` → `target.horizon`: 5. A list is one value: its order has a meaning. */
function flatten(path: string, value: unknown, lines: Map<string, string>): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const [key, part] of Object.entries(value)) {
      flatten(path ? `${path}.${key}` : key, part, lines);
    }
    return;
  }
  if (value === undefined) return;
  lines.set(path, typeof value === "string" ? value : JSON.stringify(value));
}

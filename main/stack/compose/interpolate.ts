import { WorkbenchError } from "../../../contract/problem.ts";
import { type Lookup, substitute } from "./template.ts";
import { isMapping, type Mapping, matches, type Path, refusal, type Tree } from "./tree.ts";

type Cast = (text: string) => Tree;

const whole: Cast = (text) => {
  if (!/^[-+]?\d+$/.test(text)) throw new Error(`${JSON.stringify(text)} is not a whole number`);
  return Number(text);
};
const decimal: Cast = (text) => {
  const number = Number(text);
  if (text.trim() === "" || Number.isNaN(number)) {
    throw new Error(`${JSON.stringify(text)} is not a number`);
  }
  return number;
};
const truth: Cast = (text) => {
  if (/^(true|y|yes|on)$/i.test(text)) return true;
  if (/^(false|n|no|off)$/i.test(text)) return false;
  throw new Error(`${JSON.stringify(text)} is neither true nor false`);
};

/** What a template gives is text; these are the places that want something else. */
const CASTS: readonly (readonly [Cast, readonly string[]])[] = [
  [
    whole,
    [
      ...["configs.*.mode", "cpu_count", "cpu_period", "cpu_quota", "cpu_rt_period"],
      ...["cpu_rt_runtime", "cpu_shares", "deploy.replicas", "deploy.update_config.parallelism"],
      ...["deploy.rollback_config.parallelism", "deploy.restart_policy.max_attempts"],
      ...["deploy.placement.max_replicas_per_node", "healthcheck.retries", "oom_score_adj"],
      ...["pids_limit", "ports.*.target", "scale", "secrets.*.mode", "ulimits.*"],
      ...["ulimits.*.hard", "ulimits.*.soft"],
    ].map((path) => `services.*.${path}`),
  ],
  [
    decimal,
    [
      ...["cpu_percent", "cpus", "deploy.update_config.max_failure_ratio"],
      "deploy.rollback_config.max_failure_ratio",
    ].map((path) => `services.*.${path}`),
  ],
  [
    truth,
    [
      ...["init", "healthcheck.disable", "oom_kill_disable", "privileged", "read_only"],
      ...["stdin_open", "tty", "volumes.*.read_only", "volumes.*.volume.nocopy"],
    ].map((path) => `services.*.${path}`),
  ],
  [
    truth,
    [
      ...["networks.*.external", "networks.*.internal", "networks.*.attachable"],
      ...["networks.*.enable_ipv4", "networks.*.enable_ipv6", "volumes.*.external"],
      ...["secrets.*.external", "configs.*.external"],
    ],
  ],
];

/** Replaces variables in every text of a document; keys are left as they are. */
export function interpolate(
  document: Mapping,
  lookup: Lookup,
  onUnset: (name: string) => void,
  file: string,
): Mapping {
  const visit = (value: Tree, path: Path): Tree => {
    if (typeof value === "string") {
      try {
        const text = substitute(value, lookup, onUnset);
        const cast = CASTS.find(([, patterns]) => patterns.some((one) => matches(path, one)));
        return cast ? cast[0](text) : text;
      } catch (error) {
        const problem = error instanceof WorkbenchError ? error.problem : undefined;
        throw refusal(
          problem?.code.replace("compose.", "") ?? "bad_value",
          problem?.detail ?? (error as Error).message,
          { path, file, ...(problem ? { hint: problem.hint } : {}) },
        );
      }
    }
    if (Array.isArray(value)) return value.map((item) => visit(item, [...path, "[]"]));
    if (!isMapping(value)) return value;
    return mapValues(value, (item, key) => visit(item, [...path, key]));
  };
  return mapValues(document, (value, key) => visit(value, [key]));
}

export function mapValues(mapping: Mapping, change: (value: Tree, key: string) => Tree): Mapping {
  return Object.fromEntries(
    Object.entries(mapping).map(([key, value]) => [key, change(value, key)]),
  );
}

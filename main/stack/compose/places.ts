import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, win32 } from "node:path";
import { walk } from "./long-forms.ts";
import { isMapping, type Mapping, matches, type Tree } from "./tree.ts";

const REMOTE = /^(https?:\/\/|git:\/\/|ssh:\/\/|github\.com\/|git@|service:)|:\/\//;

const PATHS = [
  ...["env_file.*.path", "label_file.*", "extends.file", "develop.watch.*.path"].map(
    (path) => `services.*.${path}`,
  ),
  ...["configs.*.file", "secrets.*.file"],
];
const CONTEXTS = ["services.*.build.context", "services.*.build.additional_contexts.*"];

/** Makes paths absolute; those that are relative are so to `base`. */
export function withAbsolutePaths(document: Mapping, base: string): Mapping {
  return walk(document, [], (value, path) => {
    const is = (patterns: readonly string[]) => patterns.some((one) => matches(path, one));
    if (typeof value === "string") {
      if (is(CONTEXTS)) return REMOTE.test(value) ? value : absolute(value, base);
      if (is(["services.*.develop.watch.*.path"])) return resolved(absolute(value, base));
      if (is(PATHS) || is(["services.*.build.ssh.*"])) return absolute(value, base);
    }
    if (is(["services.*.volumes.*"]) && isMapping(value) && value.type === "bind") {
      return withPath(value, "source", base);
    }
    if (is(["volumes.*"]) && isMapping(value) && value.driver === "local") {
      const options = value.driver_opts;
      if (!isMapping(options) || options.o !== "bind") return value;
      return { ...value, driver_opts: withPath(options, "device", base) };
    }
    return value;
  }) as Mapping;
}

export function absolute(path: string, base: string): string {
  const expanded = path.startsWith("~") ? join(homedir(), path.slice(1)) : path;
  // A Windows path stands for itself on every system: the daemon may be elsewhere.
  if (expanded === "" || isAbsolute(expanded) || win32.isAbsolute(expanded)) return expanded;
  return join(base, expanded).replace(/(.)[\\/]$/, "$1");
}

function resolved(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

function withPath(value: Mapping, key: string, base: string): Tree {
  const path = value[key];
  return typeof path === "string" ? { ...value, [key]: absolute(path, base) } : value;
}
